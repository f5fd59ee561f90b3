import '../../src/no-telemetry.js'
import * as ort from 'onnxruntime-node'
import type { Point } from './face-detector.js'
import type { Pixels } from './pixels.js'

/** How a recogniser wants its face: crop size, where the five landmarks go in it, and its pixel values. */
export interface RecogniserSpec {
  readonly name: string
  readonly file: string
  readonly size: number
  readonly template: readonly Point[] // pixels of the crop
  readonly value: (channel: number, level: number) => number
  readonly channels: 'rgb' | 'bgr'
}

const scaled = (points: readonly Point[], size: number): Point[] => points.map(([x, y]) => [x * size, y * size])

// Conventions from the model mirror's README.md.
export const RECOGNISERS: readonly RecogniserSpec[] = [
  {
    name: '0095',
    file: 'face_reidentification_retail_0095.onnx',
    size: 128,
    template: scaled(
      [
        [0.31557, 0.46157],
        [0.68262, 0.46157],
        [0.50026, 0.64051],
        [0.34947, 0.82469],
        [0.65344, 0.82469],
      ],
      128,
    ),
    value: (_, level) => level,
    channels: 'bgr',
  },
  {
    name: 'MobileFaceNet',
    file: 'mobilefacenet_foamliu.onnx',
    size: 112,
    template: [
      [38.2946, 51.6963],
      [73.5318, 51.5014],
      [56.0252, 71.7366],
      [41.5493, 92.3655],
      [70.7299, 92.2041],
    ],
    value: (channel, level) => (level / 255 - [0.485, 0.456, 0.406][channel]!) / [0.229, 0.224, 0.225][channel]!,
    channels: 'rgb',
  },
]

export class Recogniser {
  constructor(
    readonly spec: RecogniserSpec,
    readonly session: ort.InferenceSession,
  ) {}

  /** Features of unit length; the dot product of two is their cosine. */
  async features(picture: Pixels, landmarks: readonly Point[]): Promise<Float32Array> {
    const { size } = this.spec
    const input = new ort.Tensor('float32', alignedCrop(picture, landmarks, this.spec), [1, 3, size, size])
    const output = await this.session.run({ [this.session.inputNames[0]!]: input })
    const values = output[this.session.outputNames[0]!]!.data as Float32Array
    const norm = Math.hypot(...values)
    return values.map((value) => value / norm)
  }
}

/** Least-squares similarity from the template to the picture: x' = ax − by + c, y' = bx + ay + d. */
function similarity(
  from: readonly Point[],
  to: readonly Point[],
): readonly [a: number, b: number, c: number, d: number] {
  const mean = (points: readonly Point[], k: 0 | 1): number => points.reduce((sum, p) => sum + p[k], 0) / points.length
  const [fx, fy, tx, ty] = [mean(from, 0), mean(from, 1), mean(to, 0), mean(to, 1)]
  let [along, across, square] = [0, 0, 0]
  from.forEach(([x, y], i) => {
    const [u, v] = [to[i]![0] - tx, to[i]![1] - ty]
    along += (x - fx) * u + (y - fy) * v
    across += (x - fx) * v - (y - fy) * u
    square += (x - fx) ** 2 + (y - fy) ** 2
  })
  const [a, b] = [along / square, across / square]
  return [a, b, tx - a * fx + b * fy, ty - b * fx - a * fy]
}

function alignedCrop(picture: Pixels, landmarks: readonly Point[], spec: RecogniserSpec): Float32Array {
  const { size, channels, value } = spec
  const [a, b, c, d] = similarity(spec.template, landmarks)
  const planes = new Float32Array(3 * size * size)
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      for (let k = 0; k < 3; k++) {
        const plane = channels === 'rgb' ? k : 2 - k
        planes[plane * size * size + y * size + x] = value(
          k,
          bilinear(picture, a * x - b * y + c, b * x + a * y + d, k),
        )
      }
    }
  }
  return planes
}

function bilinear({ data, width, height }: Pixels, x: number, y: number, channel: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)]
  const [u, v] = [x - left, y - top]
  const at = (column: number, row: number): number =>
    column < 0 || row < 0 || column >= width || row >= height ? 0 : data[3 * (row * width + column) + channel]!
  const upper = at(left, top) * (1 - u) + at(left + 1, top) * u
  const lower = at(left, top + 1) * (1 - u) + at(left + 1, top + 1) * u
  return upper * (1 - v) + lower * v
}
