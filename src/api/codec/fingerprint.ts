import { createHash } from 'node:crypto'
import type { MutationCommand } from '../../services/commands.js'

/**
 * What makes a mutation idempotent: the caller's request id and the sha256 of everything else in the request.
 *
 * The content is hashed as the wire would carry it, in the order of field numbers; maps have no order there, so theirs
 * is made alphabetical. A bulk item and a single call with the same content have the same fingerprint.
 *
 * @param serialize of the request's method (`definitions…requestSerialize`)
 */
export function mutationFromProto<Request extends { readonly requestId: string }>(
  serialize: (request: Request) => Buffer,
  request: Request,
): MutationCommand {
  const content = serialize(sortKeys({ ...request, requestId: '' }) as Request)
  return { requestId: request.requestId, fingerprint: createHash('sha256').update(content).digest('hex') }
}

/** Copies objects with their keys in alphabetical order; bytes and plain values are passed on as they are. */
function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, entry]) => [key, sortKeys(entry)]))
}
