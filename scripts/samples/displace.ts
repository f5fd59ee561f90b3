import type { Vec3 } from './vec.js'

/** A soft push: points near `at` on the undeformed head move by `move`, fading out over `reach` (Gaussian). */
export interface Push {
  readonly at: Vec3
  readonly reach: number | Vec3 // centimetres, one for all axes or one each
  readonly move: Vec3 // centimetres at amount 1
  /** Both: the same push on the other half of the face, x turned round. */
  readonly sides: 'both' | 'one'
  /** Keeps a push on one lip from dragging the other: only points above (below) this height, softly. */
  readonly above?: number
  readonly below?: number
}

/** A push on both halves of the face. */
export function both(at: Vec3, reach: Push['reach'], move: Vec3, cut: Pick<Push, 'above' | 'below'> = {}): Push {
  return { at, reach, move, sides: 'both', ...cut }
}

/** A push on the middle line. */
export function middle(at: Vec3, reach: Push['reach'], move: Vec3, cut: Pick<Push, 'above' | 'below'> = {}): Push {
  return { at, reach, move, sides: 'one', ...cut }
}

const LIP_CUT = 0.03 // centimetres over which `above` and `below` fade

/** Adds `amount` of a push to `points`; `rest` says where each point lies on the undeformed head. */
export function displace(points: Float64Array, rest: Float64Array, push: Push, amount: number): void {
  if (amount === 0) return
  addPush(points, rest, push, amount, 1)
  if (push.sides === 'both') addPush(points, rest, push, amount, -1)
}

function addPush(points: Float64Array, rest: Float64Array, push: Push, amount: number, side: number): void {
  const { at, move } = push
  const [rx, ry, rz] = typeof push.reach === 'number' ? [push.reach, push.reach, push.reach] : push.reach
  for (let i = 0; i < rest.length; i += 3) {
    const x = (rest[i]! - side * at[0]) / rx
    const y = (rest[i + 1]! - at[1]) / ry
    const z = (rest[i + 2]! - at[2]) / rz
    const square = x * x + y * y + z * z
    if (square > 9) continue // below e⁻⁹: nothing to see
    const weight = amount * Math.exp(-square) * heightCut(push, rest[i + 1]!)
    points[i]! += weight * move[0] * side
    points[i + 1]! += weight * move[1]
    points[i + 2]! += weight * move[2]
  }
}

function heightCut(push: Push, y: number): number {
  const above = push.above === undefined ? 1 : 1 / (1 + Math.exp((push.above - y) / LIP_CUT))
  const below = push.below === undefined ? 1 : 1 / (1 + Math.exp((y - push.below) / LIP_CUT))
  return above * below
}

/** Pushes by name, and how much of each. */
export type Amounts<Name extends string> = Readonly<Partial<Record<Name, number>>>

export function displaceAll<Name extends string>(
  points: Float64Array,
  rest: Float64Array,
  pushes: Readonly<Record<Name, readonly Push[]>>,
  amounts: Amounts<Name>,
): void {
  for (const name of Object.keys(amounts) as Name[]) {
    for (const push of pushes[name]) displace(points, rest, push, amounts[name] ?? 0)
  }
}
