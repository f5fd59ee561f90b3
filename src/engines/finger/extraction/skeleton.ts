import { CROSSINGS, ringBits, ringOffsets } from './neighbours.js'
import { dropCorners, indexesOf } from './thin.js'
import type { Mask } from './regions.js'

/** A way along a ridge from an end or a fork. */
export interface Trace {
  /** Pixels in order, without the start. */
  readonly pixels: readonly number[]
  /** What stopped it: an end of the ridge, a fork, or the limit of steps. */
  readonly stop: 'end' | 'fork' | 'limit'
}

/** The ridge lines, one pixel wide, and how to walk them. A pixel is its index, y · width + x. */
export class Skeleton {
  readonly width: number
  readonly height: number
  readonly cells: Uint8Array
  readonly #ring: readonly number[]

  constructor({ width, height, cells }: Mask) {
    this.width = width
    this.height = height
    this.cells = Uint8Array.from(cells)
    this.#ring = ringOffsets(width)
  }

  /** 0 for a lone pixel, 1 at an end, 2 along a ridge, 3 and more at a fork. */
  crossings(p: number): number {
    return CROSSINGS[ringBits(this.cells, p, this.#ring)]!
  }

  ends(): readonly number[] {
    return [...indexesOf(this.cells)].filter((p) => this.crossings(p) === 1)
  }

  forks(): readonly number[] {
    return [...indexesOf(this.cells)].filter((p) => this.crossings(p) >= 3)
  }

  /** The first pixel of each ridge that leaves `p`: one for each run of neighbours. */
  branches(p: number): readonly number[] {
    const on = this.#ring.map((offset) => this.cells[p + offset] === 1)
    const starts = on.flatMap((isOn, i) => (isOn && !on[(i + 7) % 8] ? [i] : []))
    return starts.map((start) => {
      const run = [0, 1, 2].map((k) => (start + k) % 8).filter((_, k, all) => all.slice(0, k + 1).every((j) => on[j]))
      // A side neighbour (even) leads straight away; a corner one would be passed on the way.
      return p + this.#ring[run.find((i) => i % 2 === 0) ?? start]!
    })
  }

  /** Walks from `start` over its neighbour `first` for at most `stepsMax` pixels. */
  trace(start: number, first: number, stepsMax: number): Trace {
    const pixels = [first]
    let [before, at] = [start, first]
    while (pixels.length < stepsMax) {
      if (this.crossings(at) >= 3) return { pixels, stop: 'fork' }
      const next = this.#next(before, at)
      if (next === null) return { pixels, stop: 'end' }
      if (next === start) return { pixels, stop: 'fork' } // a loop
      pixels.push(next)
      ;[before, at] = [at, next]
    }
    return { pixels, stop: this.crossings(at) >= 3 ? 'fork' : this.crossings(at) === 1 ? 'end' : 'limit' }
  }

  /** Removes pixels, and the corners that this leaves. */
  erase(pixels: readonly number[]): void {
    for (const p of pixels) this.cells[p] = 0
    const around = pixels.flatMap((p) => this.#ring.map((offset) => p + offset))
    dropCorners(this.cells, around, this.#ring)
  }

  /** Draws a straight line between two pixels. */
  join(from: number, to: number): void {
    const [x0, y0] = [from % this.width, Math.floor(from / this.width)]
    const [dx, dy] = [(to % this.width) - x0, Math.floor(to / this.width) - y0]
    const steps = Math.max(Math.abs(dx), Math.abs(dy))
    for (let i = 1; i < steps; i++)
      this.cells[Math.round(y0 + (dy * i) / steps) * this.width + Math.round(x0 + (dx * i) / steps)] = 1
  }

  #next(before: number, at: number): number | null {
    for (const offset of this.#ring) {
      const p = at + offset
      // Neighbours of the pixel before belong to the way already gone, or to another branch of its fork.
      if (this.cells[p] === 1 && p !== before && !this.#areNeighbours(p, before)) return p
    }
    return null
  }

  #areNeighbours(a: number, b: number): boolean {
    return this.#ring.includes(a - b)
  }
}
