import { median } from '../statistics.js'

/** One probe's search: the rows found, best first. */
export type Search = (probe: Float32Array) => Promise<readonly number[]>

export interface Timing {
  /** From the question to the answer, one for each probe that was asked, in the order of asking. */
  readonly timesMs: readonly number[]
  readonly queriesPerSecond: number
  /** The row found first for each probe, in the order of the probes; -1 is no row (an empty answer). */
  readonly firstRows: readonly number[]
}

/** Enough for a 99th percentile of the fast engines, and an end for the slow ones. */
export const BUDGET_MS = 3_000
/** The machine may do other things meanwhile: engines that are to be compared take turns, so that all of them meet the same. */
const ROUNDS = 5
const WARM_UP = 5

/** Asks the probes one after the other, `inFlight` of them at any time, until all were asked or the time is over. */
export async function timeSearches(search: Search, probes: readonly Float32Array[], inFlight = 1): Promise<Timing> {
  for (const probe of probes.slice(0, WARM_UP)) await search(probe)
  const timesMs: number[] = []
  const firstRows: number[] = []
  const startMs = performance.now()
  let next = 0
  const ask = async () => {
    while (next < probes.length && performance.now() - startMs < BUDGET_MS) {
      const i = next++
      const askedMs = performance.now()
      firstRows[i] = (await search(probes[i]!))[0] ?? -1
      timesMs.push(performance.now() - askedMs)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, ask))
  return { timesMs, firstRows, queriesPerSecond: (timesMs.length * 1000) / (performance.now() - startMs) }
}

/** Several engines in turns of a fifth of the probes each. @returns their timings, in the order of the engines */
export async function timeInTurns(
  searches: readonly Search[],
  probes: readonly Float32Array[],
): Promise<readonly Timing[]> {
  const runs = searches.map(() => ({ timesMs: [] as number[], firstRows: [] as number[] }))
  for (let round = 0; round < ROUNDS; round++)
    for (const [i, search] of searches.entries()) {
      const { timesMs, firstRows } = runs[i]!
      const askedCount = timesMs.length
      const end = Math.ceil(((round + 1) * probes.length) / ROUNDS)
      const share = await timeSearches(search, probes.slice(askedCount, end))
      timesMs.push(...share.timesMs)
      firstRows.push(...share.firstRows)
    }
  return runs.map((run) => {
    const totalMs = run.timesMs.reduce((sum, ms) => sum + ms, 0)
    return { ...run, queriesPerSecond: (run.timesMs.length * 1000) / totalMs }
  })
}

/** The least of the medians of five parts of a run, ms: what it does when the machine does little else. */
export function bestRoundMs(timesMs: readonly number[]): number {
  const size = Math.max(1, Math.floor(timesMs.length / ROUNDS))
  const starts = Array.from({ length: Math.min(ROUNDS, timesMs.length) }, (_, i) => i * size)
  return Math.min(...starts.map((start) => median(timesMs.slice(start, start + size))))
}

/** The same for an engine that takes several probes in one call: each waits for its whole group. */
export async function timeGroups(
  searchAll: (probes: readonly Float32Array[]) => Promise<readonly (readonly number[])[]>,
  probes: readonly Float32Array[],
  groupSize: number,
): Promise<Timing> {
  const timesMs: number[] = []
  const firstRows: number[] = []
  await searchAll(probes.slice(0, groupSize))
  const startMs = performance.now()
  for (let from = 0; from + groupSize <= probes.length && performance.now() - startMs < BUDGET_MS; from += groupSize) {
    const askedMs = performance.now()
    const lists = await searchAll(probes.slice(from, from + groupSize))
    for (const list of lists) {
      firstRows.push(list[0] ?? -1)
      timesMs.push(performance.now() - askedMs)
    }
  }
  return { timesMs, firstRows, queriesPerSecond: (timesMs.length * 1000) / (performance.now() - startMs) }
}
