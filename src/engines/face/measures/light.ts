import type { RgbImage } from '../../../domain/image.js'
import type { QualityComponent } from '../../../domain/quality.js'
import { judge, type Rule } from './component.js'

/**
 * Variance of the Laplacian of luminance (Pech-Pacheco et al., ICPR 2000) on the crop with the eyes 48 px apart, divided
 * by the luminance variance so that contrast does not count as sharpness. Corners: percentiles 1, 10 and 50 of LFW-dev
 * (`npm run measure -- quality` prints them).
 */
const SHARPNESS: Rule = {
  measure: 'sharpness',
  unit: 'ratio',
  digits: 3,
  mapping: [
    [0.002, 0],
    [0.01, 40],
    [0.05, 90],
    [0.2, 100],
  ],
  good: 'The face is sharp.',
  advice: () => 'The face is blurred: hold still, focus, or add light.',
}

/** Mean luminance of the face; film and ISO/IEC 19794-5 want the middle tones used. */
const EXPOSURE: Rule = {
  measure: 'exposure',
  unit: 'grey levels',
  digits: 0,
  mapping: [
    [15, 0],
    [45, 40],
    [80, 100],
    [190, 100],
    [225, 40],
    [250, 0],
  ],
  good: 'The face is well exposed.',
  advice: (native) => (native < 128 ? 'The face is too dark: add light.' : 'The face is too bright: reduce the light.'),
}

/** Standard deviation of luminance over the face. */
const CONTRAST: Rule = {
  measure: 'contrast',
  unit: 'grey levels',
  digits: 0,
  mapping: [
    [4, 0],
    [14, 40],
    [32, 100],
  ],
  good: 'The face has enough contrast.',
  advice: () => 'The face has too little contrast: avoid haze, glare and back light.',
}

/** @param crop the measuring crop, see `alignForMeasuring` */
export function measureLight(crop: RgbImage): readonly QualityComponent[] {
  const grey = luminance(crop)
  const { mean, variance } = moments(grey)
  const sharpness = laplacianVariance(grey, crop.widthPx, crop.heightPx) / Math.max(variance, 1)
  return [judge(SHARPNESS, sharpness), judge(EXPOSURE, mean), judge(CONTRAST, Math.sqrt(variance))]
}

/** ITU-R BT.601 luma, 0 to 255. */
function luminance({ pixels }: RgbImage): Float32Array {
  const grey = new Float32Array(pixels.length / 3)
  for (let i = 0, p = 0; i < grey.length; i++, p += 3)
    grey[i] = 0.299 * pixels[p]! + 0.587 * pixels[p + 1]! + 0.114 * pixels[p + 2]!
  return grey
}

function moments(values: Float32Array): { mean: number; variance: number } {
  let sum = 0
  let squares = 0
  for (const value of values) {
    sum += value
    squares += value * value
  }
  const mean = sum / values.length
  return { mean, variance: Math.max(0, squares / values.length - mean * mean) }
}

function laplacianVariance(grey: Float32Array, widthPx: number, heightPx: number): number {
  let sum = 0
  let squares = 0
  for (let y = 1; y < heightPx - 1; y++)
    for (let p = y * widthPx + 1; p < (y + 1) * widthPx - 1; p++) {
      const response = grey[p - 1]! + grey[p + 1]! + grey[p - widthPx]! + grey[p + widthPx]! - 4 * grey[p]!
      sum += response
      squares += response * response
    }
  const count = (widthPx - 2) * (heightPx - 2)
  return Math.max(0, squares / count - (sum / count) ** 2)
}
