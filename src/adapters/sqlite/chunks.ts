import { setImmediate } from 'node:timers/promises'

/** Rows of one chunk: 1,000 references of 384 features are 1.5 MB and take about 5 ms. */
const CHUNK_ROWS = 1_000

/**
 * Streams a table in bounded chunks; other calls run between them.
 * @param read the first rows after `afterRow`, ascending
 */
export async function* chunksOf<T>(
  read: (afterRow: number, countMax: number) => readonly T[],
  rowOf: (item: T) => number,
): AsyncIterable<readonly T[]> {
  for (let afterRow = 0; ;) {
    const chunk = read(afterRow, CHUNK_ROWS)
    const last = chunk.at(-1)
    if (last === undefined) return
    yield chunk
    afterRow = rowOf(last)
    await setImmediate()
  }
}
