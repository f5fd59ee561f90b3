import type { DetectedFace, FaceLandmarks, Point } from '../../domain/face.js'
import type { Tensor } from '../../domain/ports.js'

/** Strides of YuNet's three output levels; inputs are padded to a multiple of the largest. */
export const YUNET_STRIDES = [8, 16, 32] as const
export const YUNET_PAD = 32

/**
 * Reads YuNet's outputs (Wu, Peng, Yu: "YuNet: A Tiny Millisecond-level Face Detector", 2023; decoding as in
 * libfacedetection.train): for each cell (r, c) of stride s
 *   score = √(clamp01(cls) · clamp01(obj)), centre = (c + b₀, r + b₁)·s, size = exp(b₂, b₃)·s,
 *   landmark j = (c + k₂ⱼ, r + k₂ⱼ₊₁)·s.
 * @param outputs tensors "cls_8" … "kps_32", each [1, cells, values]
 * @param widthPx width of the padded input
 * @returns faces with a score of at least `scoreMin`, in pixels of the input, unsorted and with duplicates
 */
export function decodeYunet(
  outputs: Readonly<Record<string, Tensor>>,
  widthPx: number,
  scoreMin: number,
): DetectedFace[] {
  const faces: DetectedFace[] = []
  for (const stride of YUNET_STRIDES) {
    const cls = values(outputs, `cls_${stride}`)
    const obj = values(outputs, `obj_${stride}`)
    const columns = widthPx / stride
    for (let cell = 0; cell < cls.length; cell++) {
      const score = Math.sqrt(clamp01(cls[cell]!) * clamp01(obj[cell]!))
      if (score < scoreMin) continue
      const box = values(outputs, `bbox_${stride}`).subarray(cell * 4, cell * 4 + 4)
      const points = values(outputs, `kps_${stride}`).subarray(cell * 10, cell * 10 + 10)
      faces.push(decodeCell(score, cell % columns, Math.floor(cell / columns), stride, box, points))
    }
  }
  return faces
}

function decodeCell(
  score: number,
  column: number,
  row: number,
  stride: number,
  box: Float32Array,
  points: Float32Array,
): DetectedFace {
  const width = Math.exp(box[2]!) * stride
  const height = Math.exp(box[3]!) * stride
  const landmark = (j: number): Point => ({
    x: (column + points[2 * j]!) * stride,
    y: (row + points[2 * j + 1]!) * stride,
  })
  return {
    score,
    box: {
      x: (column + box[0]!) * stride - width / 2,
      y: (row + box[1]!) * stride - height / 2,
      width,
      height,
    },
    landmarks: [landmark(0), landmark(1), landmark(2), landmark(3), landmark(4)] satisfies FaceLandmarks,
  }
}

function values(outputs: Readonly<Record<string, Tensor>>, name: string): Float32Array {
  const tensor = outputs[name]
  if (tensor === undefined) throw new Error(`the detector has no output ${name}`)
  return tensor.data
}

function clamp01(value: number): number {
  return Math.min(1, Math.max(0, value))
}
