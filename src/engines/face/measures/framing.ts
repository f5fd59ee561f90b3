import type { DetectedFace } from '../../../domain/face.js'
import type { QualityComponent } from '../../../domain/quality.js'
import { judge, type Rule } from './component.js'

/** Share of the face box inside the image. */
const CUT_OFF: Rule = {
  measure: 'cut-off',
  unit: 'ratio',
  digits: 2,
  mapping: [
    [0.6, 0],
    [0.85, 40],
    [1, 100],
  ],
  good: 'The whole face is in the image.',
  advice: () => 'The face is cut off: bring all of it into the image.',
}

const SEVERAL: Rule = {
  measure: 'several-faces',
  unit: 'count',
  digits: 0,
  mapping: [
    [1, 100],
    [2, 30],
    [4, 0],
  ],
  good: 'No other person is in the image.',
  advice: () => 'Other people are in the image: show only one person.',
}

/**
 * @param widthPx, heightPx of the original image
 * @param prominentCount faces that are no bystanders, at least 1
 */
export function measureFraming(
  face: DetectedFace,
  widthPx: number,
  heightPx: number,
  prominentCount: number,
): readonly QualityComponent[] {
  const { x, y, width, height } = face.box
  const insideX = Math.max(0, Math.min(x + width, widthPx) - Math.max(x, 0))
  const insideY = Math.max(0, Math.min(y + height, heightPx) - Math.max(y, 0))
  return [judge(CUT_OFF, (insideX * insideY) / (width * height)), judge(SEVERAL, prominentCount)]
}
