import sharp from 'sharp'
import type { DetectedFace, FaceLandmarks, Point } from '../../../src/domain/face.js'
import type { RgbImage } from '../../../src/domain/image.js'

/** An image changed in a known way, and where its face is then. */
export interface View {
  readonly image: RgbImage
  readonly face: DetectedFace
}

/** The image enlarged or reduced until the face's box is `facePx` wide. */
export async function resized(image: RgbImage, face: DetectedFace, facePx: number): Promise<View> {
  const factor = facePx / face.box.width
  const [width, height] = [image.widthPx, image.heightPx].map((px) => Math.max(1, Math.round(px * factor))) as [
    number,
    number,
  ]
  const { data } = await raw(image).resize(width, height, { fit: 'fill' }).raw().toBuffer({ resolveWithObject: true })
  const at = ({ x, y }: Point): Point => ({ x: (x * width) / image.widthPx, y: (y * height) / image.heightPx })
  return { image: { widthPx: width, heightPx: height, pixels: data }, face: moved(face, at, factor) }
}

/** The image turned about its middle, clockwise, on a larger black canvas. */
export async function turned(image: RgbImage, face: DetectedFace, degrees: number): Promise<View> {
  const { data, info } = await raw(image)
    .rotate(degrees, { background: 'black' })
    .raw()
    .toBuffer({ resolveWithObject: true })
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]
  const at = ({ x, y }: Point): Point => {
    const [dx, dy] = [x - image.widthPx / 2, y - image.heightPx / 2]
    return { x: cos * dx - sin * dy + info.width / 2, y: sin * dx + cos * dy + info.height / 2 }
  }
  return { image: { widthPx: info.width, heightPx: info.height, pixels: data }, face: moved(face, at, 1) }
}

/** A black edge at the left and at the top. */
export async function shifted({ image, face }: View, dx: number, dy: number): Promise<View> {
  const { data, info } = await raw(image)
    .extend({ left: dx, top: dy, background: 'black' })
    .raw()
    .toBuffer({ resolveWithObject: true })
  const at = ({ x, y }: Point): Point => ({ x: x + dx, y: y + dy })
  return { image: { widthPx: info.width, heightPx: info.height, pixels: data }, face: moved(face, at, 1) }
}

function raw({ pixels, widthPx, heightPx }: RgbImage) {
  return sharp(pixels, { raw: { width: widthPx, height: heightPx, channels: 3 } })
}

/** The box keeps upright: its middle follows the map, its sides the factor. */
function moved(face: DetectedFace, at: (point: Point) => Point, factor: number): DetectedFace {
  const { x, y, width, height } = face.box
  const middle = at({ x: x + width / 2, y: y + height / 2 })
  return {
    score: face.score,
    box: {
      x: middle.x - (width * factor) / 2,
      y: middle.y - (height * factor) / 2,
      width: width * factor,
      height: height * factor,
    },
    landmarks: face.landmarks.map(at) as unknown as FaceLandmarks,
  }
}
