import sharp, { type Sharp } from 'sharp'
import type { DetectedFace } from '../../../src/domain/face.js'
import type { RgbImage } from '../../../src/domain/image.js'
import type { View } from './views.js'

/** Light, lens and cover: what is done to the picture leaves the face where it is. */
export const TREATMENTS: Readonly<Record<string, (picture: Sharp, face: DetectedFace) => Sharp>> = {
  'a fifth of the light': (picture) => picture.linear(0.2, 0),
  'twice the light': (picture) => picture.linear(2, 0),
  grey: (picture) => picture.modulate({ saturation: 0 }),
  'blurred (σ = 3 px)': (picture) => picture.blur(3),
  'mouth and nose covered': (picture, face) => covered(picture, face, 0.5, 1.05),
  'eyes covered': (picture, face) => covered(picture, face, 0.25, 0.52),
}

/** The view of an image after one of `TREATMENTS`. */
export async function treated(image: RgbImage, face: DetectedFace, treatment: string): Promise<View> {
  const { pixels, widthPx, heightPx } = image
  const picture = sharp(pixels, { raw: { width: widthPx, height: heightPx, channels: 3 } })
  const change = TREATMENTS[treatment]
  if (change === undefined) throw new Error(`no treatment is called ${treatment}`)
  const { data, info } = await change(picture, face).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  if (info.channels !== 3) throw new Error(`${treatment} left ${info.channels} channels`)
  return { image: { widthPx, heightPx, pixels: data }, face }
}

/** A plain rectangle over a part of the box's height, as a mask or a bar: `from` and `to` are shares of it. */
function covered(picture: Sharp, { box }: DetectedFace, from: number, to: number): Sharp {
  const [width, height] = [Math.round(box.width * 1.1), Math.round(box.height * (to - from))]
  const left = Math.max(0, Math.round(box.x - box.width * 0.05))
  const top = Math.max(0, Math.round(box.y + box.height * from))
  const create = { width, height, channels: 3 as const, background: { r: 90, g: 120, b: 150 } }
  return picture.composite([{ input: { create }, left, top }])
}
