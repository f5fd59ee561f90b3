import { deserialize, serialize } from 'node:v8'
import type { Neighbour } from '../../domain/search.js'
import { frame } from './frames.js'

/** References with their features, one after the other: referenceIds.length × featureCount values. */
export interface PackedRows {
  readonly referenceIds: Float64Array
  readonly features: Float32Array
}

/** What the graph's process is told. */
export type GraphCommand =
  | {
      readonly kind: 'open'
      readonly algorithm: string
      readonly featureCount: number
      /** Of snapshots; null for none. */
      readonly folder: string | null
      /** So many of the newest snapshots are not trusted. */
      readonly skipCount: number
      /** References to expect. */
      readonly capacity: number
    }
  | { readonly kind: 'held'; readonly from: number }
  | ({ readonly kind: 'check' } & PackedRows)
  | ({ readonly kind: 'add' } & PackedRows)
  | { readonly kind: 'remove'; readonly referenceIds: Float64Array }
  | { readonly kind: 'search'; readonly probe: Float32Array; readonly countMax: number; readonly breadth: number }
  | { readonly kind: 'snapshot' }
  | { readonly kind: 'ping' }

/** What it answers to each. Everything is read with suspicion (`replies.ts`). */
export interface GraphReplies {
  /** When the snapshot that was loaded was made; null when there is none. */
  readonly open: GraphSize & { readonly snapshotAtMs: number | null }
  /** The next page of ids that it holds; none at the end. */
  readonly held: { readonly referenceIds: readonly number[] }
  /** How many of the rows it holds with these features, and finds. */
  readonly check: { readonly foundCount: number }
  /** `lost` are those that it could not take or does not find again. */
  readonly add: GraphSize & { readonly lost: readonly number[] }
  readonly remove: GraphSize
  readonly search: { readonly neighbours: readonly Neighbour[] }
  readonly snapshot: { readonly createdAtMs: number }
  readonly ping: object
}

export interface GraphSize {
  readonly nodeCount: number
  /** Of them, those that nobody stands behind any more. */
  readonly removedCount: number
}

/** Ids in one reply to `held`. */
export const HELD_PAGE = 8_192

export function packRows(
  rows: readonly { readonly referenceId: number; readonly features: Float32Array }[],
  featureCount: number,
): PackedRows {
  const features = new Float32Array(rows.length * featureCount)
  rows.forEach((row, i) => features.set(row.features.subarray(0, featureCount), i * featureCount))
  return { referenceIds: Float64Array.from(rows, ({ referenceId }) => referenceId), features }
}

export function* unpackRows({ referenceIds, features }: PackedRows, featureCount: number) {
  for (const [i, referenceId] of referenceIds.entries())
    yield { referenceId, features: features.subarray(i * featureCount, (i + 1) * featureCount) }
}

export interface Numbered {
  /** Pairs a command with its reply. */
  readonly call: number
}

export function encodeCommand(command: GraphCommand & Numbered): Buffer {
  return frame(serialize(command))
}

/** In the graph's process, which trusts the one that started it. */
export function decodeCommand(message: Buffer): GraphCommand & Numbered {
  return deserialize(message) as GraphCommand & Numbered
}

/** In JSON: reading it can be trusted with any bytes. */
export function encodeReply(reply: Numbered & { readonly value?: unknown; readonly failure?: string }): Buffer {
  return frame(Buffer.from(JSON.stringify(reply)))
}

/** @throws Error unless it is a reply of a call, well or badly ended */
export function decodeReply(message: Buffer): Numbered & { readonly value: unknown; readonly failure: string | null } {
  const { call, value, failure } = (JSON.parse(message.toString('utf8')) ?? {}) as Record<string, unknown>
  if (!Number.isSafeInteger(call)) throw new Error('a reply to nothing')
  return { call: call as number, value, failure: typeof failure === 'string' ? failure : null }
}
