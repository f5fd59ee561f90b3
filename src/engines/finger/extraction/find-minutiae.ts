import type { MinutiaType } from '../../../domain/finger.js'
import { normalAngleAt, type OrientationField } from './orientation.js'
import type { Plane } from './plane.js'
import type { Mask } from './regions.js'
import type { Skeleton } from './skeleton.js'

/** How far the ridges of a minutia are followed to tell where it points: a period and a half. */
const FOLLOWED_PX = 14
/** Below this length a ridge says nothing of its direction. */
const FOLLOWED_PX_MIN = 4
/**
 * Ridges end at the print's border without a minutia: nothing counts that lies nearer to it than this. Where a dark print
 * meets white paper, the mask ends up to a period outside the ridges.
 */
const BORDER_PX = 15
/** An end is the border's where the ridge's own continuation leaves the print within this. */
const CONTINUATION_PX = 20
/** Two minutiae nearer than this, less than a period, are the remains of one fault. */
const CROWDED_PX = 6

/** A minutia on the working plane: y down, directions clockwise as seen. */
export interface FoundMinutia {
  readonly type: Exclude<MinutiaType, 'other'>
  readonly x: number
  readonly y: number
  /** Into the ridge of an ending; into the valley between the branches of a bifurcation. */
  readonly directionRad: number
}

/** Reads ends and forks off the skeleton; those of the border and those that crowd are left out. */
export function findMinutiae(
  skeleton: Skeleton,
  field: OrientationField,
  periodPx: Plane,
  print: Mask,
): readonly FoundMinutia[] {
  const inner = erode(print, BORDER_PX)
  const endings = skeleton
    .ends()
    .filter((p) => inner.cells[p] === 1)
    .flatMap((p) => endingAt(p, skeleton, field, periodPx))
    .filter((minutia) => !leavesPrint(minutia, print))
  const bifurcations = skeleton
    .forks()
    .filter((p) => inner.cells[p] === 1)
    .flatMap((p) => bifurcationAt(p, skeleton, field))
  return withoutCrowds([...endings, ...bifurcations])
}

/**
 * The standard places an ending where the valley in front of the ridge forks (ISO/IEC 19794-2:2005): a skeleton
 * ends a quarter of a period before the ridge does, and the valley forks a quarter of a period behind that.
 */
function endingAt(p: number, skeleton: Skeleton, field: OrientationField, periodPx: Plane): readonly FoundMinutia[] {
  const [first] = skeleton.branches(p)
  if (first === undefined) return []
  const { pixels } = skeleton.trace(p, first, FOLLOWED_PX)
  if (pixels.length < FOLLOWED_PX_MIN) return []
  const directionRad = alongRidge(field, p, headingOf(p, pixels, skeleton.width))
  const shiftPx = periodPx.values[p]! / 2
  const x = (p % skeleton.width) - shiftPx * Math.cos(directionRad)
  const y = Math.floor(p / skeleton.width) - shiftPx * Math.sin(directionRad)
  return [{ type: 'ending', x, y, directionRad }]
}

/** Of a fork's three ridges, the two that lie closest together enclose the valley. */
function bifurcationAt(p: number, skeleton: Skeleton, field: OrientationField): readonly FoundMinutia[] {
  const traces = skeleton.branches(p).map((first) => skeleton.trace(p, first, FOLLOWED_PX).pixels)
  if (traces.length !== 3 || traces.some((pixels) => pixels.length < FOLLOWED_PX_MIN)) return []
  const headings = traces.map((pixels) => headingOf(p, pixels, skeleton.width))
  const pairs = [
    [0, 1],
    [1, 2],
    [2, 0],
  ] as const
  const valleys = pairs.map(([a, b]) => {
    const [x, y] = [Math.cos(headings[a]!) + Math.cos(headings[b]!), Math.sin(headings[a]!) + Math.sin(headings[b]!)]
    return { headingRad: Math.atan2(y, x), length: Math.hypot(x, y) }
  })
  const valley = valleys.reduce((best, other) => (other.length > best.length ? other : best))
  const directionRad = alongRidge(field, p, valley.headingRad)
  return [{ type: 'bifurcation', x: p % skeleton.width, y: Math.floor(p / skeleton.width), directionRad }]
}

/** The direction of the ridges at a pixel, of its two senses the one nearer to the heading. */
function alongRidge(field: OrientationField, p: number, headingRad: number): number {
  const ridge = normalAngleAt(field, p) + Math.PI / 2
  return Math.cos(ridge - headingRad) >= 0 ? ridge : ridge + Math.PI
}

function headingOf(from: number, pixels: readonly number[], width: number): number {
  const to = pixels.at(-1)!
  return Math.atan2(Math.floor(to / width) - Math.floor(from / width), (to % width) - (from % width))
}

function leavesPrint({ x, y, directionRad }: FoundMinutia, { width, height, cells }: Mask): boolean {
  for (let step = 2; step <= CONTINUATION_PX; step += 2) {
    const px = Math.round(x - step * Math.cos(directionRad))
    const py = Math.round(y - step * Math.sin(directionRad))
    if (px < 0 || py < 0 || px >= width || py >= height || cells[py * width + px] === 0) return true
  }
  return false
}

/** Cells whose whole square of 2·radius + 1 lies in the mask and in the image. */
export function erode({ width, height, cells }: Mask, radius: number): Mask {
  const rows = new Uint8Array(cells.length)
  const out = new Uint8Array(cells.length)
  for (let y = 0; y < height; y++)
    for (let x = 0, run = 0; x < width; x++) {
      run = cells[y * width + x] === 1 ? run + 1 : 0
      if (run > 2 * radius) rows[y * width + x - radius] = 1
    }
  for (let x = 0; x < width; x++)
    for (let y = 0, run = 0; y < height; y++) {
      run = rows[y * width + x] === 1 ? run + 1 : 0
      if (run > 2 * radius) out[(y - radius) * width + x] = 1
    }
  return { width, height, cells: out }
}

/** Looks into the nine cells around each only: a hostile image has tens of thousands of ends. */
function withoutCrowds(minutiae: readonly FoundMinutia[]): readonly FoundMinutia[] {
  const cells = new Map<string, FoundMinutia[]>()
  const cellOf = ({ x, y }: FoundMinutia) => [Math.floor(x / CROWDED_PX), Math.floor(y / CROWDED_PX)] as const
  for (const minutia of minutiae) {
    const key = cellOf(minutia).join()
    cells.set(key, [...(cells.get(key) ?? []), minutia])
  }
  return minutiae.filter((a) => {
    const [column, row] = cellOf(a)
    const around = [-1, 0, 1].flatMap((dy) => [-1, 0, 1].flatMap((dx) => cells.get(`${column + dx},${row + dy}`) ?? []))
    return around.every((b) => a === b || Math.hypot(a.x - b.x, a.y - b.y) >= CROWDED_PX)
  })
}
