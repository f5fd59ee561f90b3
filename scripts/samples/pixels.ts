import sharp from 'sharp'

/** A decoded picture: 8-bit RGB, row after row. */
export interface Pixels {
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
}

export async function readPixels(file: string): Promise<Pixels> {
  const { data, info } = await sharp(file)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height }
}
