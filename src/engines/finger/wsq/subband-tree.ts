/** A rectangle of the coefficient plane. */
export interface Region {
  readonly x: number
  readonly y: number
  readonly widthPx: number
  readonly heightPx: number
}

/** A region that synthesis joins from its four quarters. */
export interface SplitRegion extends Region {
  /** True where the high-pass half lies first (to the left, or above). */
  readonly isXInverted: boolean
  readonly isYInverted: boolean
}

export interface SubbandTree {
  /** The subbands in the order in which they are coded, 0 to 63. */
  readonly subbands: readonly Region[]
  /** What to join, finest last: a region stands after those within it. */
  readonly joins: readonly SplitRegion[]
}

/** How far a quarter is split: a subband, or four quarters (top left, top right, bottom left, bottom right). */
type Shape = 'subband' | readonly [Shape, Shape, Shape, Shape]

const FOUR: Shape = ['subband', 'subband', 'subband', 'subband']
const SIXTEEN: Shape = [FOUR, FOUR, FOUR, FOUR]
const COARSEST: Shape = [[FOUR, 'subband', 'subband', 'subband'], FOUR, FOUR, FOUR]
/** The decomposition of WSQ; the finest diagonal quarter is split and left uncoded. */
const ROOT: Shape = [[COARSEST, SIXTEEN, SIXTEEN, 'subband'], FOUR, FOUR, FOUR]

/**
 * Lays the 64 subbands over an image. Walking the quarters in order numbers the subbands as WSQ does.
 * In a quarter that itself came from the high-pass side, the order of frequencies is turned, so its high-pass half
 * lies first; where a side is odd, the low-pass half has the pixel more.
 */
export function layOutSubbands(widthPx: number, heightPx: number): SubbandTree {
  const subbands: Region[] = []
  const joins: SplitRegion[] = []
  const walk = (shape: Shape, region: SplitRegion): void => {
    if (shape === 'subband') return void subbands.push(region)
    quarters(region).forEach((quarter, i) => {
      walk(shape[i] as Shape, quarter)
    })
    joins.push(region)
  }
  walk(ROOT, { x: 0, y: 0, widthPx, heightPx, isXInverted: false, isYInverted: false })
  return { subbands, joins }
}

function quarters({ x, y, widthPx, heightPx, isXInverted, isYInverted }: SplitRegion): readonly SplitRegion[] {
  const left = firstHalf(widthPx, isXInverted)
  const top = firstHalf(heightPx, isYInverted)
  const quarter = (right: boolean, below: boolean): SplitRegion => ({
    x: right ? x + left : x,
    y: below ? y + top : y,
    widthPx: right ? widthPx - left : left,
    heightPx: below ? heightPx - top : top,
    isXInverted: right,
    isYInverted: below,
  })
  return [quarter(false, false), quarter(true, false), quarter(false, true), quarter(true, true)]
}

export function firstHalf(length: number, isInverted: boolean): number {
  return isInverted ? Math.floor(length / 2) : Math.ceil(length / 2)
}
