/**
 * A greyscale image.
 *
 * Shape: `pixels` holds heightPx rows of widthPx bytes from the top; 0 is black (ridges are dark), 255 white.
 */
export interface GreyPixels {
  readonly widthPx: number
  readonly heightPx: number
  readonly pixels: Uint8Array
}

/** A greyscale image of known scale. */
export interface GreyImage extends GreyPixels {
  /** Dots per inch, the same in both directions. */
  readonly resolutionDpi: number
}

/** What a decoder found in a file: null where the file does not say at what scale it was scanned. */
export interface DecodedGrey extends GreyPixels {
  readonly resolutionDpi: number | null
}

/** Bounds of what a decoder of fingerprint images takes; the header is checked before pixels are decoded. */
export const GREY_LIMITS = {
  /** Bytes of a file. A slap of four fingers, 1,000 dpi and uncompressed, is larger: such scans come compressed. */
  bytesMax: 10 * 1024 * 1024,
  /** Width times height: 4 megapixels at 500 dpi are 16 at 1,000. */
  pixelsMax: 16_000_000,
} as const

/**
 * Decodes one image format to 8-bit grey.
 * @throws DomainError PARSE_ERROR, FORMAT_UNSUPPORTED, LIMIT_EXCEEDED
 */
export type GreyDecoder = (bytes: Uint8Array) => Promise<DecodedGrey>
