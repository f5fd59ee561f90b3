import { clamp } from './vec.js'

/** A fold of the face as a line over the undeformed head, drawn on both halves: x is the distance from the middle. */
interface Crease {
  readonly line: readonly (readonly [x: number, y: number])[]
  readonly widthCm: number
  readonly depthCm: number // at amount 1; negative is a ridge
  readonly follows: CreaseCause
}

/** What makes a fold deeper. */
export interface CreaseAmounts {
  readonly always: number
  readonly age: number // 0 at 25 years, 1 at 75
  readonly smile: number
  readonly forehead: number
  readonly fold: number // the upper lid's own crease: 0 for a smooth lid
}
type CreaseCause = keyof CreaseAmounts

const CREASES: readonly Crease[] = [
  // Upper lid
  { line: [[1.75, 2.72], [2.2, 3.14], [3.1, 3.36], [4, 3.2], [4.7, 2.75]], widthCm: 0.1, depthCm: 0.13, follows: 'fold' },
  { line: [[4.5, 3], [4.9, 2.5], [5.1, 2.2]], widthCm: 0.2, depthCm: 0.06, follows: 'age' },
  // Tear trough and the bag's lower edge
  { line: [[1.75, 2.25], [2.2, 1.75], [3, 1.4], [3.8, 1.35]], widthCm: 0.17, depthCm: 0.035, follows: 'always' },
  { line: [[1.75, 2.2], [2.2, 1.6], [3, 1.15], [3.9, 1.15], [4.6, 1.5]], widthCm: 0.16, depthCm: 0.09, follows: 'age' },
  { line: [[2.1, 2.15], [3, 1.85], [4, 1.95]], widthCm: 0.08, depthCm: 0.03, follows: 'age' },
  // Nose to mouth
  { line: [[1.75, -0.75], [2.2, -1.6], [2.75, -2.9], [3.1, -4.1]], widthCm: 0.25, depthCm: 0.05, follows: 'always' },
  { line: [[1.75, -0.75], [2.2, -1.6], [2.8, -2.9], [3.15, -4.3]], widthCm: 0.2, depthCm: 0.17, follows: 'age' },
  { line: [[1.8, -0.8], [2.4, -1.8], [3, -3.1], [3.4, -4.3]], widthCm: 0.24, depthCm: 0.14, follows: 'smile' },
  // Mouth to chin, and the fold above the chin
  { line: [[2.7, -4.7], [2.9, -5.6], [2.85, -6.6]], widthCm: 0.2, depthCm: 0.11, follows: 'age' },
  { line: [[0, -6.35], [0.9, -6.3], [1.5, -6]], widthCm: 0.3, depthCm: 0.06, follows: 'always' },
  // Crow's feet
  { line: [[4.95, 2.75], [5.5, 3.1], [6, 3.2]], widthCm: 0.08, depthCm: 0.06, follows: 'age' },
  { line: [[4.95, 2.5], [5.6, 2.5], [6.1, 2.35]], widthCm: 0.08, depthCm: 0.07, follows: 'age' },
  { line: [[4.9, 2.25], [5.4, 1.9], [5.8, 1.5]], widthCm: 0.08, depthCm: 0.06, follows: 'age' },
  { line: [[4.95, 2.4], [5.5, 2.2], [5.9, 1.9]], widthCm: 0.1, depthCm: 0.05, follows: 'smile' },
  // Forehead
  { line: [[0, 6], [1.8, 6.15], [3.6, 6.25], [4.8, 5.8]], widthCm: 0.11, depthCm: 0.07, follows: 'forehead' },
  { line: [[0, 6.75], [2, 6.95], [4, 6.9]], widthCm: 0.11, depthCm: 0.07, follows: 'forehead' },
  { line: [[0, 7.5], [1.7, 7.65], [3.2, 7.6]], widthCm: 0.11, depthCm: 0.05, follows: 'forehead' },
  { line: [[0.42, 4.3], [0.5, 5.1], [0.62, 5.6]], widthCm: 0.1, depthCm: 0.06, follows: 'age' },
  // Groove above the lip, with its two ridges
  { line: [[0, -2.35], [0, -3.3]], widthCm: 0.17, depthCm: 0.07, follows: 'always' },
  { line: [[0.3, -2.35], [0.42, -3.3]], widthCm: 0.12, depthCm: -0.04, follows: 'always' },
  // The wing of the nose against the cheek
  { line: [[1.35, -0.35], [1.68, -0.75], [1.72, -1.3], [1.45, -1.75]], widthCm: 0.12, depthCm: 0.11, follows: 'always' },
] // prettier-ignore

/** Depth of all folds at a point of the undeformed head, centimetres; 0 where the face does not look forward. */
export function creaseDepth(x: number, y: number, z: number, amounts: CreaseAmounts): number {
  if (z < 0.5) return 0
  const side = Math.abs(x)
  let depth = 0
  for (const { line, widthCm, depthCm, follows } of near(side, y)) {
    const amount = amounts[follows]
    if (amount === 0) continue
    const distance = distanceTo(line, side, y)
    if (distance < 3 * widthCm) depth += amount * depthCm * Math.exp(-((distance / widthCm) ** 2))
  }
  return depth
}

/** Distance to a line of segments, its ends counted farther so that folds run out thinly. */
function distanceTo(line: Crease['line'], x: number, y: number): number {
  let best = Infinity
  for (let i = 0; i + 1 < line.length; i++) {
    const a = line[i]!
    const b = line[i + 1]!
    const [dx, dy] = [b[0] - a[0], b[1] - a[1]]
    const t = clamp(((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy), 0, 1)
    const ends = (i === 0 && a[0] > 0 ? Math.max(0, 0.5 - t) : 0) + (i + 2 === line.length ? Math.max(0, t - 0.5) : 0)
    const [ex, ey] = [x - a[0] - t * dx, y - a[1] - t * dy]
    best = Math.min(best, Math.sqrt(ex * ex + ey * ey) * (1 + 1.6 * ends))
  }
  return best
}

// Most of a face has no fold near: a grid of the few that matter makes the search ten times as fast.
const CELL_CM = 0.5
const COLUMNS = 16
const LOWEST_CM = -9
const GRID: readonly (readonly Crease[])[] = Array.from({ length: COLUMNS * 40 }, (_, cell) => {
  const [x, y] = [((cell % COLUMNS) + 0.5) * CELL_CM, LOWEST_CM + (Math.floor(cell / COLUMNS) + 0.5) * CELL_CM]
  return CREASES.filter(({ line, widthCm }) => distanceTo(line, x, y) < 3 * widthCm + CELL_CM)
})
const NONE: readonly Crease[] = []

function near(x: number, y: number): readonly Crease[] {
  const [column, row] = [Math.floor(x / CELL_CM), Math.floor((y - LOWEST_CM) / CELL_CM)]
  return column < COLUMNS && row >= 0 ? (GRID[row * COLUMNS + column] ?? NONE) : NONE
}
