import { DomainError, invalid } from '../domain/errors.js'
import { LIMITS } from '../domain/limits.js'
import type { MutationKey, PageRequest } from '../domain/ports.js'
import type { MutationCommand } from './commands.js'

/** @param method "<service>/<method>" */
export function mutationKey(method: string, command: MutationCommand): MutationKey {
  if (command.requestId.length > LIMITS.textLengthMax)
    throw invalid('request_id', `at most ${LIMITS.textLengthMax} characters`, `${command.requestId.length} characters`)
  return { requestId: command.requestId, method, fingerprint: command.fingerprint }
}

/** A page size of 0 means the default; one above the maximum means the maximum. */
export function checkPage(page: PageRequest): PageRequest {
  if (!Number.isInteger(page.pageSize) || page.pageSize < 0)
    throw invalid('page_size', 'a whole number, 0 or more', String(page.pageSize))
  const pageSize = page.pageSize === 0 ? LIMITS.pageSizeDefault : Math.min(page.pageSize, LIMITS.pageSizeMax)
  return { pageSize, pageToken: page.pageToken }
}

/** Refuses what no decoder needs to look at. */
export function checkImageBytes(field: string, image: Uint8Array): Uint8Array {
  if (image.length === 0) throw invalid(field, 'an encoded image', 'nothing')
  if (image.length > LIMITS.imageBytesMax)
    throw new DomainError('LIMIT_EXCEEDED', `at most ${LIMITS.imageBytesMax} bytes`, `${image.length} bytes`, { field })
  return image
}
