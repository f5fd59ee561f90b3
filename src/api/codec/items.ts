import { invalid } from '../../domain/errors.js'
import type { Status } from '../../generated/google/rpc/Status.js'

// What the items of BulkEnrol and BatchIdentify have in common.

/** The answer for an item that failed; it fits the result message of both streams. */
export function failedItem(item: number, error: Status): { item: number; error: Status } {
  return { item, error }
}

/**
 * Above 2^53 a number of JavaScript is not the caller's any more, and the answer could be taken for another item's.
 * @throws DomainError INVALID_ARGUMENT
 */
export function checkItemNumber(item: number): number {
  if (!Number.isSafeInteger(item)) throw invalid('item', 'a number below 2^53', 'a greater one')
  return item
}
