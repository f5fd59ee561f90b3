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
