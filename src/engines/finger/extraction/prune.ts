import { normalAngleAt, type OrientationField } from './orientation.js'
import type { Skeleton } from './skeleton.js'

/** Pixels at 500 dpi: about one ridge period of 9, a period and a half for islands. The usual choice; not tuned. */
const SPUR_PX_MAX = 10
const ISLAND_PX_MAX = 14
const BRIDGE_PX_MAX = 10
const BREAK_PX_MAX = 10
/** A way that leaves the ridges' direction by more than this crosses from ridge to ridge. */
const CROSSING_ANGLE_RAD = Math.PI / 4
/** Two ends belong together when the line between them and both ridges keep to one direction within this. */
const BREAK_ANGLE_RAD = Math.PI / 6
/** Removing a spur may make another one of its fork's rest. */
const SPUR_ROUNDS = 2
/** How far an end's direction is looked for. */
const DIRECTION_STEPS = 8

/** Removes what thinning and noise made: short spurs, islands, bridges and lakes; closes breaks. In place. */
export function prune(skeleton: Skeleton, field: OrientationField): void {
  dropBridges(skeleton, field)
  closeBreaks(skeleton)
  for (let round = 0; round < SPUR_ROUNDS; round++) dropShortEnds(skeleton)
}

/** A ridge that ends soon after a fork (a spur), or at both sides (an island). */
function dropShortEnds(skeleton: Skeleton): void {
  for (const end of skeleton.ends()) {
    const [first] = skeleton.branches(end)
    if (first === undefined || skeleton.crossings(end) !== 1) continue
    const { pixels, stop } = skeleton.trace(end, first, ISLAND_PX_MAX)
    if (stop === 'fork' && pixels.length <= SPUR_PX_MAX) skeleton.erase([end, ...pixels.slice(0, -1)])
    if (stop === 'end') skeleton.erase([end, ...pixels])
  }
}

/** A short way between two forks that crosses the ridges; of two short ways between the same forks (a lake), one. */
function dropBridges(skeleton: Skeleton, field: OrientationField): void {
  for (const fork of skeleton.forks()) {
    if (skeleton.crossings(fork) < 3) continue // it went with another bridge
    const ways = skeleton
      .branches(fork)
      .map((first) => skeleton.trace(fork, first, BRIDGE_PX_MAX))
      .filter(({ stop }) => stop === 'fork')
    const goals = ways.map(({ pixels }) => pixels.at(-1)!)
    const spare = ways.find(({ pixels }, i) => {
      const goal = goals[i]!
      return goals.indexOf(goal) < i || crosses(skeleton, field, fork, pixels.at(-1)!)
    })
    if (spare !== undefined && spare.pixels.length > 1) skeleton.erase(spare.pixels.slice(0, -1))
  }
}

function crosses({ width }: Skeleton, field: OrientationField, from: number, to: number): boolean {
  const normal = normalAngleAt(field, from)
  const way = angleOf(from, to, width)
  return Math.abs(Math.cos(way - normal)) > Math.cos(CROSSING_ANGLE_RAD)
}

/** Joins ends that face each other over a short gap. */
function closeBreaks(skeleton: Skeleton): void {
  const { width } = skeleton
  const ends = skeleton.ends().flatMap((end) => {
    const [first] = skeleton.branches(end)
    if (first === undefined) return []
    const { pixels } = skeleton.trace(end, first, DIRECTION_STEPS)
    return [{ end, outward: angleOf(pixels.at(-1)!, end, width), isJoined: false }]
  })
  for (const [i, a] of ends.entries())
    for (let k = i + 1; k < ends.length && !a.isJoined; k++) {
      const b = ends[k]!
      // Ends come row by row: the next ones are only farther down.
      if (Math.floor(b.end / width) - Math.floor(a.end / width) > BREAK_PX_MAX) break
      if (b.isJoined || distance(a.end, b.end, width) > BREAK_PX_MAX) continue
      const way = angleOf(a.end, b.end, width)
      if (turn(way, a.outward) > BREAK_ANGLE_RAD || turn(way + Math.PI, b.outward) > BREAK_ANGLE_RAD) continue
      skeleton.join(a.end, b.end)
      a.isJoined = b.isJoined = true
    }
}

function angleOf(from: number, to: number, width: number): number {
  return Math.atan2(Math.floor(to / width) - Math.floor(from / width), (to % width) - (from % width))
}

function distance(a: number, b: number, width: number): number {
  return Math.hypot((a % width) - (b % width), Math.floor(a / width) - Math.floor(b / width))
}

/** The angle between two directions, 0 to π. */
function turn(a: number, b: number): number {
  return Math.abs(Math.atan2(Math.sin(a - b), Math.cos(a - b)))
}
