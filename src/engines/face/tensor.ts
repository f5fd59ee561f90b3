import type { RgbImage } from '../../domain/image.js'
import type { InputSpec } from '../../domain/models.js'
import type { Tensor } from '../../domain/ports.js'

/**
 * Puts images into one batch: [N, 3, H, W], planes in the model's colour order, value = (byte − mean) / std.
 * All images have the size of the tensor, or are smaller and stand at its top left with zero bytes around them.
 */
export function toTensor(images: readonly RgbImage[], spec: InputSpec, widthPx: number, heightPx: number): Tensor {
  const data = new Float32Array(images.length * 3 * widthPx * heightPx)
  images.forEach((image, n) => writeImage(image, spec, data, n * 3 * widthPx * heightPx, widthPx, heightPx))
  return { dims: [images.length, 3, heightPx, widthPx], data }
}

function writeImage(
  image: RgbImage,
  spec: InputSpec,
  data: Float32Array,
  offset: number,
  widthPx: number,
  heightPx: number,
): void {
  const plane = widthPx * heightPx
  const [scale0, scale1, scale2] = spec.std.map((std) => 1 / std) as [number, number, number]
  const [bias0, bias1, bias2] = spec.mean.map((mean, c) => 0 - mean / spec.std[c]!) as [number, number, number]
  if (image.widthPx < widthPx || image.heightPx < heightPx)
    [bias0, bias1, bias2].forEach((bias, c) => data.fill(bias, offset + c * plane, offset + (c + 1) * plane))
  // Channels of the pixel in the model's order; one pass over the image, three planes at a time.
  const [c0, c2] = spec.colourOrder === 'RGB' ? [0, 2] : [2, 0]
  const { pixels } = image
  for (let y = 0, p = 0; y < image.heightPx; y++) {
    let at = offset + y * widthPx
    for (let x = 0; x < image.widthPx; x++, p += 3, at++) {
      data[at] = pixels[p + c0]! * scale0 + bias0
      data[at + plane] = pixels[p + 1]! * scale1 + bias1
      data[at + 2 * plane] = pixels[p + c2]! * scale2 + bias2
    }
  }
}
