import { invalid } from '../../domain/errors.js'
import type { Page } from '../../domain/ports.js'

/** @param rows one more than `pageSize` where there is a further page */
export function pageOf<Row, T>(
  rows: readonly Row[],
  pageSize: number,
  toItem: (row: Row) => T,
  tokenAfter: (row: Row) => string,
): Page<T> {
  const shown = rows.slice(0, pageSize)
  const last = shown.at(-1)
  const hasMore = rows.length > pageSize && last !== undefined
  return { items: shown.map(toItem), nextPageToken: hasMore ? tokenAfter(last) : '' }
}

/** Where the next page starts: after `after`, the sort key of the last item of this one. Opaque to callers. */
export function pageToken(list: string, after: string | number): string {
  return Buffer.from(`${list}:${after}`).toString('base64url')
}

/** The key of a list that is sorted by text; '' for the first page. */
export function textKey(list: string, token: string): string {
  if (token === '') return ''
  const text = Buffer.from(token, 'base64url').toString()
  const after = text.slice(list.length + 1)
  if (after === '' || pageToken(list, after) !== token) throw wrongToken()
  return after
}

/** The key of a list that is sorted by row; 0 for the first page. */
export function rowKey(list: string, token: string): number {
  const text = textKey(list, token)
  if (text === '') return 0
  if (!/^[1-9][0-9]{0,14}$/.test(text)) throw wrongToken()
  return Number(text)
}

function wrongToken(): Error {
  return invalid('page_token', 'the token of an earlier page', 'another text')
}
