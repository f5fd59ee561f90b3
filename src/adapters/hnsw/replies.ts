import type { Neighbour } from '../../domain/search.js'
import type { GraphCommand, GraphReplies, GraphSize } from './protocol.js'

/** Scores of features with norms 1 ± 1e-3, in float32, stay within. */
const SCORE_MAX = 1.01

type Readers = { readonly [K in GraphCommand['kind']]: (value: Fields) => GraphReplies[K] }
type Fields = Readonly<Record<string, unknown>>

/** Reads replies of a process that may be out of its mind. Each throws when it answers nonsense. */
const READERS: Readers = {
  open: (fields) => ({
    ...size(fields),
    snapshotAtMs: fields.snapshotAtMs === null ? null : whole(fields.snapshotAtMs),
  }),
  held: ({ referenceIds }) => ({ referenceIds: list(referenceIds).map(whole) }),
  check: ({ foundCount }) => ({ foundCount: whole(foundCount) }),
  add: (fields) => ({ ...size(fields), lost: list(fields.lost).map(whole) }),
  remove: size,
  search: ({ neighbours }) => ({ neighbours: ordered(list(neighbours).map(neighbour)) }),
  snapshot: ({ createdAtMs }) => ({ createdAtMs: whole(createdAtMs) }),
  ping: () => ({}),
}

/** @throws Error when it is no answer to such a command */
export function readReply<K extends GraphCommand['kind']>(kind: K, value: unknown): GraphReplies[K] {
  if (typeof value !== 'object' || value === null) throw nonsense()
  return READERS[kind](value as Fields)
}

function size({ nodeCount, removedCount }: Fields): GraphSize {
  return { nodeCount: whole(nodeCount), removedCount: whole(removedCount) }
}

function whole(value: unknown): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw nonsense()
  return value as number
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw nonsense()
  return value
}

function neighbour(value: unknown): Neighbour {
  const { referenceId, score } = (value ?? {}) as Fields
  if (!Number.isSafeInteger(referenceId) || typeof score !== 'number' || !(Math.abs(score) <= SCORE_MAX))
    throw nonsense()
  return { referenceId: referenceId as number, score }
}

function ordered(neighbours: readonly Neighbour[]): readonly Neighbour[] {
  const isOrdered = neighbours.every(({ score }, i) => i === 0 || score <= neighbours[i - 1]!.score)
  if (!isOrdered || new Set(neighbours.map(({ referenceId }) => referenceId)).size < neighbours.length) throw nonsense()
  return neighbours
}

function nonsense(): Error {
  return new Error('the process of the graph answered nonsense')
}
