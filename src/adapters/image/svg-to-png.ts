import sharp from 'sharp'

/**
 * Draws an SVG document of our own, in its light theme.
 * @param svg trusted: it may refer to nothing outside itself
 */
export async function svgToPng(svg: string): Promise<Uint8Array> {
  return sharp(Buffer.from(svg)).png({ compressionLevel: 9 }).toBuffer()
}
