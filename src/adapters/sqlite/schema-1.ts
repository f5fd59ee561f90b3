/**
 * The first schema. Times are epoch milliseconds; whole numbers called `…_row` point at the `row` of another table.
 *
 * - `subject.row` ascends in the order of enrolment; it and `reference.row` are never used twice (AUTOINCREMENT).
 * - JSON columns (`attributes`, `face`, `quality`, `response`) hold what is shown and never searched.
 * - `reference.features`: float32, little endian. Whether a reference is active is its encounter's `status`.
 * - `tally` and `gallery.subject_count` hold counts that would take a walk over all members; see tally.ts.
 * - `idempotency.response` is NULL once the subject that it described is deleted.
 */
export const SCHEMA_1 = `
CREATE TABLE gallery (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  owner TEXT NOT NULL,
  purpose TEXT NOT NULL,
  minimum_quality INTEGER NOT NULL,
  multi_face TEXT NOT NULL,
  candidate_count_max INTEGER NOT NULL,
  retention_days INTEGER,
  probe_retention TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  subject_count INTEGER NOT NULL DEFAULT 0 CHECK (subject_count >= 0)
) STRICT;

CREATE TABLE subject (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  external_id TEXT NOT NULL,
  display_name TEXT NOT NULL,
  attributes TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE encounter (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  subject_row INTEGER NOT NULL REFERENCES subject (row),
  status TEXT NOT NULL CHECK (status IN ('active', 'inactive')),
  source TEXT NOT NULL,
  captured_at INTEGER,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX encounter_by_subject ON encounter (subject_row);

CREATE TABLE sample (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  encounter_row INTEGER NOT NULL REFERENCES encounter (row),
  modality TEXT NOT NULL,
  format TEXT NOT NULL,
  width_px INTEGER NOT NULL,
  height_px INTEGER NOT NULL,
  algorithm TEXT NOT NULL,
  face TEXT NOT NULL,
  quality TEXT NOT NULL,
  bytes BLOB NOT NULL
) STRICT;
CREATE INDEX sample_by_encounter ON sample (encounter_row);

CREATE TABLE reference (
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  sample_row INTEGER NOT NULL REFERENCES sample (row),
  encounter_row INTEGER NOT NULL REFERENCES encounter (row),
  algorithm TEXT NOT NULL,
  features BLOB NOT NULL
) STRICT;
CREATE INDEX reference_by_encounter ON reference (encounter_row);
CREATE INDEX reference_by_sample ON reference (sample_row);
CREATE INDEX reference_by_algorithm ON reference (algorithm);

CREATE TABLE membership (
  gallery_row INTEGER NOT NULL REFERENCES gallery (row),
  subject_row INTEGER NOT NULL REFERENCES subject (row),
  added_at INTEGER NOT NULL,
  PRIMARY KEY (gallery_row, subject_row)
) STRICT, WITHOUT ROWID;
CREATE INDEX membership_by_subject ON membership (subject_row);
CREATE INDEX membership_by_age ON membership (gallery_row, added_at);

CREATE TABLE tally (
  gallery_row INTEGER NOT NULL REFERENCES gallery (row),
  algorithm TEXT NOT NULL,
  reference_count INTEGER NOT NULL CHECK (reference_count >= 0),
  PRIMARY KEY (gallery_row, algorithm)
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency (
  request_id TEXT PRIMARY KEY,
  method TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  subject_id TEXT,
  response TEXT,
  kept_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency (kept_at);
CREATE INDEX idempotency_by_subject ON idempotency (subject_id);

CREATE TABLE retained_probe (
  row INTEGER PRIMARY KEY,
  search_id TEXT NOT NULL UNIQUE,
  bytes BLOB NOT NULL,
  retained_at INTEGER NOT NULL
) STRICT;

CREATE TABLE retained_probe_gallery (
  gallery_row INTEGER NOT NULL REFERENCES gallery (row),
  probe_row INTEGER NOT NULL REFERENCES retained_probe (row),
  PRIMARY KEY (gallery_row, probe_row)
) STRICT, WITHOUT ROWID;
CREATE INDEX retained_probe_gallery_by_probe ON retained_probe_gallery (probe_row);
`
