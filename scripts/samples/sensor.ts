import sharp from 'sharp'
import { SUPERSAMPLING } from './camera.js'
import { randomFrom } from './random.js'
import { smoothstep, type Vec3 } from './vec.js'

/** How the camera turns light into a picture file. */
export interface Sensor {
  readonly exposure: number // factor on linear light
  readonly whiteBalance: Vec3
  readonly noise: number // deviation at mid grey, in parts of 255
  readonly blurPx: number // softness of lens and focus, output pixels
  readonly contrast: number // about 1
  readonly saturation: number // about 1
  readonly vignette: number
  readonly jpegQuality: number
}

/** supersampled linear light → pixels → tone curve → lens blur → noise → JPEG. */
export async function develop(
  picture: Float32Array,
  width: number,
  height: number,
  sensor: Sensor,
  seed: string,
): Promise<Buffer> {
  const [w, h] = [width / SUPERSAMPLING, height / SUPERSAMPLING]
  const tones = toneMap(downsample(picture, width, w, h), w, h, sensor)
  const smooth = await blurred(tones, w, h, sensor.blurPx)
  const grainy = addNoise(smooth, w, sensor.noise, seed)
  return sharp(grainy, { raw: { width: w, height: h, channels: 3 } })
    .jpeg({ quality: sensor.jpegQuality, chromaSubsampling: '4:2:0' })
    .toBuffer()
}

function downsample(picture: Float32Array, width: number, w: number, h: number): Float32Array {
  const result = new Float32Array(w * h * 3)
  const share = 1 / SUPERSAMPLING ** 2
  for (let y = 0; y < h * SUPERSAMPLING; y++) {
    for (let x = 0; x < w * SUPERSAMPLING; x++) {
      const to = 3 * (Math.floor(y / SUPERSAMPLING) * w + Math.floor(x / SUPERSAMPLING))
      const from = 3 * (y * width + x)
      // Glints are cut before they are averaged, as a sensor's wells overflow: no jagged white edges.
      for (let k = 0; k < 3; k++) result[to + k]! += Math.min(3, picture[from + k]!) * share
    }
  }
  return result
}

/** Exposure, white balance, a film-like curve with soft highlights, saturation and vignette; 0..255 out. */
function toneMap(linear: Float32Array, w: number, h: number, sensor: Sensor): Buffer {
  const result = Buffer.alloc(linear.length)
  for (let pixel = 0; pixel < w * h; pixel++) {
    const dx = (pixel % w) / w - 0.5
    const dy = Math.floor(pixel / w) / h - 0.5
    const gain = sensor.exposure * (1 - sensor.vignette * smoothstep(0.2, 0.75, Math.hypot(dx, dy)))
    const tones = [0, 1, 2].map((k) => curve(linear[3 * pixel + k]! * gain * sensor.whiteBalance[k]!, sensor.contrast))
    const grey = 0.3 * tones[0]! + 0.59 * tones[1]! + 0.11 * tones[2]!
    for (let k = 0; k < 3; k++)
      result[3 * pixel + k] = Math.max(0, Math.min(255, 255 * (grey + (tones[k]! - grey) * sensor.saturation)))
  }
  return result
}

/** Linear light to display tone: Hable's filmic shoulder, then the sRGB transfer and a contrast pivot. */
function curve(light: number, contrast: number): number {
  const shoulder = (v: number): number => (v * (0.22 * v + 0.03) + 0.002) / (v * (0.22 * v + 0.3) + 0.06) - 1 / 30
  const film = Math.max(0, shoulder(light * 2.6) / shoulder(5.2))
  const tone = film <= 0.0031308 ? 12.92 * film : 1.055 * film ** (1 / 2.4) - 0.055
  return 0.5 + (tone - 0.5) * contrast
}

async function blurred(tones: Buffer, w: number, h: number, sigmaPx: number): Promise<Buffer> {
  const image = sharp(tones, { raw: { width: w, height: h, channels: 3 } })
  return (sigmaPx < 0.3 ? image : image.blur(sigmaPx)).raw().toBuffer()
}

/** Photon noise, stronger in the shadows after the tone curve, with a little colour of its own. */
function addNoise(tones: Buffer, w: number, deviation: number, seed: string): Buffer {
  const random = randomFrom(`noise ${seed}`)
  const result = Buffer.alloc(tones.length)
  let row = new Float32Array(w)
  for (let i = 0; i < tones.length; i += 3) {
    const x = (i / 3) % w
    if (x === 0) row = row.map(() => random.normal())
    const grey = 0.75 * row[x]! + 0.5 * random.normal()
    const strength = deviation * (1.25 - tones[i + 1]! / 255)
    for (let k = 0; k < 3; k++) {
      result[i + k] = Math.max(0, Math.min(255, Math.round(tones[i + k]! + strength * (grey + 0.5 * random.normal()))))
    }
  }
  return result
}
