import '../../src/no-telemetry.js'
import * as ort from 'onnxruntime-node'
import type { Pixels } from './pixels.js'

export type Point = readonly [x: number, y: number]

/** The best face of a picture: its score 0..1 and five landmarks (right eye, left eye, nose, mouth corners). */
export interface DetectedFace {
  readonly score: number
  readonly landmarks: readonly Point[]
}

const STRIDES = [8, 16, 32] as const

/** YuNet, decoded as models/README.md of the mirror says. Finds one face, which is all a sample holds. */
export class FaceDetector {
  constructor(readonly session: ort.InferenceSession) {}

  async best(picture: Pixels): Promise<DetectedFace> {
    const [width, height] = [roundUp(picture.width), roundUp(picture.height)]
    const input = new ort.Tensor('float32', blueGreenRed(picture, width, height), [1, 3, height, width])
    const outputs = await this.session.run({ input })
    return STRIDES.map((stride) => bestOfStride(outputs, stride, width / stride)).reduce((a, b) =>
      b.score > a.score ? b : a,
    )
  }
}

const roundUp = (size: number): number => Math.ceil(size / 32) * 32

function blueGreenRed({ data, width, height }: Pixels, paddedWidth: number, paddedHeight: number): Float32Array {
  const planes = new Float32Array(3 * paddedWidth * paddedHeight)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let k = 0; k < 3; k++)
        planes[(2 - k) * paddedWidth * paddedHeight + y * paddedWidth + x] = data[3 * (y * width + x) + k]!
    }
  }
  return planes
}

function bestOfStride(outputs: ort.InferenceSession.OnnxValueMapType, stride: number, columns: number): DetectedFace {
  const values = (name: string): Float32Array => outputs[`${name}_${stride}`]!.data as Float32Array
  const [classes, objects, points] = [values('cls'), values('obj'), values('kps')]
  let cell = 0
  let best = -1
  for (let i = 0; i < classes.length; i++) {
    const score = Math.sqrt(clamp01(classes[i]!) * clamp01(objects[i]!))
    if (score > best) [cell, best] = [i, score]
  }
  const [column, row] = [cell % columns, Math.floor(cell / columns)]
  const landmarks = [0, 1, 2, 3, 4].map((j): Point => {
    const at = 10 * cell + 2 * j
    return [(column + points[at]!) * stride, (row + points[at + 1]!) * stride]
  })
  return { score: best, landmarks }
}

const clamp01 = (value: number): number => Math.min(1, Math.max(0, value))
