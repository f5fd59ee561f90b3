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
  for (let channel = 0; channel < 3; channel++) {
    const source = spec.colourOrder === 'RGB' ? channel : 2 - channel
    const mean = spec.mean[channel] as number
    const scale = 1 / spec.std[channel]!
    const bias = -mean * scale
    const start = offset + channel * plane
    if (bias !== 0 && (image.widthPx < widthPx || image.heightPx < heightPx)) data.fill(bias, start, start + plane)
    for (let y = 0; y < image.heightPx; y++) {
      let p = y * image.widthPx * 3 + source
      let at = start + y * widthPx
      for (let x = 0; x < image.widthPx; x++, p += 3) data[at++] = image.pixels[p]! * scale + bias
    }
  }
}
