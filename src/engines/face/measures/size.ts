import { interEyeDistancePx, type DetectedFace } from '../../../domain/face.js'
import type { QualityComponent } from '../../../domain/quality.js'
import { judge, type Rule } from './component.js'

/** Recognisers read crops of 112 to 128 px: a face of that width loses nothing, one of 40 px has lost half its detail. */
const FACE_SIZE: Rule = {
  measure: 'face-size',
  unit: 'px',
  digits: 0,
  mapping: [
    [20, 0],
    [40, 40],
    [112, 90],
    [160, 100],
  ],
  good: 'The face is large enough.',
  advice: () => 'The face is too small: come closer or use a higher resolution.',
}

/** ISO/IEC 19794-5 asks for 90 px between the eyes (60 at the least); below about 20 the recognisers fail. */
const INTER_EYE: Rule = {
  measure: 'inter-eye-distance',
  unit: 'px',
  digits: 0,
  mapping: [
    [8, 0],
    [20, 40],
    [60, 90],
    [90, 100],
  ],
  good: 'The eyes are far enough apart.',
  advice: () => 'The eyes are too few pixels apart: come closer, face the camera, or use a higher resolution.',
}

/** Both sizes in pixels of the original image. */
export function measureSize(face: DetectedFace): readonly QualityComponent[] {
  return [judge(FACE_SIZE, face.box.width), judge(INTER_EYE, interEyeDistancePx(face))]
}
