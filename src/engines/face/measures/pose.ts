import type { DetectedFace } from '../../../domain/face.js'
import type { QualityComponent, QualityMeasure } from '../../../domain/quality.js'
import { judge, type Rule } from './component.js'

/** Degrees; the sign says the direction, only the size is judged. */
export interface HeadPose {
  /** Positive: the head is turned to the image's right. */
  readonly yawDeg: number
  /** Positive: the chin is down. */
  readonly pitchDeg: number
}

/** ISO/IEC 19794-5 asks for ±5°; recognisers of this kind keep most of their accuracy to about 20° and little past 45°. */
const angleRule = (measure: QualityMeasure, good: string, advice: string): Rule => ({
  measure,
  unit: 'deg',
  digits: 0,
  mapping: [
    [-70, 0],
    [-35, 40],
    [-10, 100],
    [10, 100],
    [35, 40],
    [70, 0],
  ],
  good,
  advice: () => advice,
})

const YAW = angleRule('yaw', 'The head faces the camera.', 'The head is turned to the side: look into the camera.')
const PITCH = angleRule('pitch', 'The head is level.', 'The head is tilted up or down: raise or lower the chin.')
const ROLL = angleRule('roll', 'The head is upright.', 'The head leans to one side: hold it upright.')

/** Yaw and pitch by the head-pose model, where there is one; roll from the line between the eyes. */
export function measurePose(face: DetectedFace, pose: HeadPose | null): readonly QualityComponent[] {
  const roll = judge(ROLL, rollDeg(face))
  return pose === null ? [roll] : [judge(YAW, pose.yawDeg), judge(PITCH, pose.pitchDeg), roll]
}

/** Angle of the line from the right to the left eye; positive when the left eye (at the image's right) is lower. */
function rollDeg({ landmarks: [rightEye, leftEye] }: DetectedFace): number {
  return (Math.atan2(leftEye.y - rightEye.y, leftEye.x - rightEye.x) * 180) / Math.PI
}
