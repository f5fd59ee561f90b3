/** Image formats that are read as samples. */
export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'tiff'

/**
 * A decoded image, upright (EXIF orientation applied).
 *
 * Shape: `pixels` holds heightPx × widthPx × 3 bytes, row by row from the top, RGB order, sRGB, 0 to 255.
 */
export interface RgbImage {
  readonly widthPx: number
  readonly heightPx: number
  readonly pixels: Uint8Array
}

/** What is known of an encoded image before and after decoding. */
export interface ImageInfo {
  readonly format: ImageFormat
  /** Upright width and height. */
  readonly widthPx: number
  readonly heightPx: number
}
