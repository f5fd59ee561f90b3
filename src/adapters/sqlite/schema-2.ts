/**
 * The second schema: samples of any kind. What is shown of a sample and never searched is one JSON value, `details`
 * (`SampleSummary` without its algorithm), because a template that was handed over has no image, and a finger has no face.
 * `reference.features` of a finger is a record of ISO/IEC 19794-2:2005 with one impression.
 */
export const SCHEMA_2 = `
ALTER TABLE sample ADD COLUMN details TEXT NOT NULL DEFAULT '{}';
UPDATE sample SET details = json_object(
  'kind', 'face-image', 'modality', modality, 'format', format, 'widthPx', width_px, 'heightPx', height_px,
  'face', json(face), 'quality', json(quality));
ALTER TABLE sample DROP COLUMN format;
ALTER TABLE sample DROP COLUMN width_px;
ALTER TABLE sample DROP COLUMN height_px;
ALTER TABLE sample DROP COLUMN face;
ALTER TABLE sample DROP COLUMN quality;
ALTER TABLE reference ADD COLUMN modality TEXT NOT NULL DEFAULT 'face';
`
