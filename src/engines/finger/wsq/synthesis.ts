import { firstHalf, type SplitRegion } from './subband-tree.js'
import type { Filters } from './tables.js'

/**
 * Joins the quarters of one region: columns first, then rows. In place.
 *
 * One line is joined as follows: low-pass values stand at even places and high-pass values at odd ones; the line goes
 * on mirrored at its first and last place; each output is the sum of the low filter over even places and the high
 * filter over odd ones, both centred on it. This is for filters of odd length.
 */
export function joinRegion(plane: Float32Array, strideX: number, region: SplitRegion, filters: Filters): void {
  const { x, y, widthPx, heightPx, isXInverted, isYInverted } = region
  const origin = y * strideX + x
  const columns = new LineJoiner(heightPx, isYInverted, filters)
  for (let i = 0; i < widthPx; i++) columns.join(plane, origin + i, strideX)
  const rows = new LineJoiner(widthPx, isXInverted, filters)
  for (let i = 0; i < heightPx; i++) rows.join(plane, origin + i * strideX, 1)
}

/** Joins lines of one length, with a buffer for the mirrored ends. */
class LineJoiner {
  readonly #length: number
  readonly #lowFirst: boolean
  readonly #half: number
  readonly #filters: Filters
  readonly #margin: number
  readonly #line: Float32Array

  constructor(length: number, isInverted: boolean, filters: Filters) {
    this.#length = length
    this.#lowFirst = !isInverted
    this.#half = firstHalf(length, isInverted)
    this.#filters = filters
    // An even margin keeps even places even.
    this.#margin = 2 * Math.ceil((Math.max(filters.low.length, filters.high.length) - 1) / 4)
    this.#line = new Float32Array(length + 2 * this.#margin)
  }

  join(plane: Float32Array, start: number, step: number): void {
    if (this.#length < 2) return
    this.#interleave(plane, start, step)
    this.#mirror()
    const { low, high } = this.#filters
    const [lowReach, highReach] = [(low.length - 1) / 2, (high.length - 1) / 2]
    const line = this.#line
    for (let n = 0, at = this.#margin; n < this.#length; n++, at++) {
      let sum = 0
      for (let i = (lowReach + n) % 2, p = at - lowReach + i; i < low.length; i += 2, p += 2) sum += low[i]! * line[p]!
      for (let i = (highReach + n + 1) % 2, p = at - highReach + i; i < high.length; i += 2, p += 2)
        sum += high[i]! * line[p]!
      plane[start + n * step] = sum
    }
  }

  #interleave(plane: Float32Array, start: number, step: number): void {
    const [first, second] = this.#lowFirst ? [0, 1] : [1, 0]
    for (let i = 0; i < this.#half; i++) this.#line[this.#margin + 2 * i + first] = plane[start + i * step]!
    for (let i = this.#half; i < this.#length; i++)
      this.#line[this.#margin + 2 * (i - this.#half) + second] = plane[start + i * step]!
  }

  #mirror(): void {
    const [line, margin, last] = [this.#line, this.#margin, this.#length - 1]
    for (let i = 1; i <= margin; i++) {
      // A line shorter than the margin goes to and fro.
      line[margin - i] = line[margin + mirrored(-i, last)]!
      line[margin + last + i] = line[margin + mirrored(last + i, last)]!
    }
  }
}

function mirrored(place: number, last: number): number {
  const turn = 2 * last
  const within = ((place % turn) + turn) % turn
  return within > last ? turn - within : within
}
