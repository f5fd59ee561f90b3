import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { SearchModeWish } from '../../../src/domain/search.js'
import type { BenchIndex } from './indexes.js'
import { MemoryReader, threads } from './memory-read.js'
import { judged, type Measured, type Result } from './result.js'
import { timeInTurns, timeSearches, type Search } from './timing.js'

/** Searches under way at any time, as from so many kiosks. */
const IN_FLIGHT = [16, 32]
const DELAY_RESOLUTION_MS = 1
const TRIES_MAX = 10

/** What only this measurement tells: how long the main thread kept others waiting while 32 searches were in flight. */
export interface ExactMeasurement {
  readonly results: readonly Result[]
  readonly eventLoopDelayP99Ms: number
}

/** The exact scan alone on one and on two threads, and the bare read of its bytes: in turns, one search after the other. */
export async function measureExactInTurns(
  measured: Measured,
  indexes: readonly BenchIndex[],
): Promise<readonly Result[]> {
  const { set } = measured
  const readers = await Promise.all(indexes.map((index) => MemoryReader.open(set, index.threadCount)))
  const searches = [...readers.map((reader) => reader.read), ...indexes.map((index) => searchBy(index, 'exact'))]
  const timings = await timeInTurns(searches, set.matedProbes)
  await Promise.all(readers.map((reader) => reader.close()))
  return [
    ...readers.map((reader, i) => reader.resultOf(timings[i]!)),
    ...indexes.map((index, i) => judged(exactName(index), measured, costOf(index), timings[readers.length + i]!)),
  ]
}

/** The exact scan alone, many searches in flight. */
export async function measureExactInFlight(measured: Measured, index: BenchIndex): Promise<ExactMeasurement> {
  const results: Result[] = []
  const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS })
  for (const inFlight of IN_FLIGHT) {
    delay.reset()
    delay.enable()
    const timing = await timeSearches(searchBy(index, 'exact'), measured.set.matedProbes, inFlight)
    delay.disable()
    results.push(judged(`${exactName(index)}, ${inFlight} in flight`, measured, costOf(index), timing))
  }
  return { results, eventLoopDelayP99Ms: delay.percentile(99) / 1e6 - DELAY_RESOLUTION_MS }
}

/** The graph alone, and the graph first with the exact scan behind it, in turns. */
export async function measureGraph(measured: Measured, index: BenchIndex): Promise<readonly Result[]> {
  const modes = ['hnsw', 'verified'] as const
  const searches = modes.map((mode) => searchBy(index, mode))
  const timings = await timeInTurns(searches, measured.set.matedProbes)
  return modes.map((mode, i) =>
    judged(`${mode}, ${threads(index.threadCount)} and the graph`, measured, costOf(index), timings[i]!),
  )
}

function exactName({ threadCount }: BenchIndex): string {
  return `exact, ${threads(threadCount)}`
}

function costOf({ loadS, bytesPerTemplate }: BenchIndex) {
  return { loadS, bytesPerTemplate }
}

/**
 * A graph that is late is asked again, and the time of both counts.
 * @throws Error when another mode goes on answering: the row of the table would bear a wrong name
 */
function searchBy(index: BenchIndex, mode: Exclude<SearchModeWish, 'auto'>): Search {
  return async (probe) => {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const result = await index.search(probe, { mode })
      if (result.mode === mode) return result.neighbours.map(({ referenceId }) => referenceId)
    }
    throw new Error(`searches by "${mode}" are answered by another mode`)
  }
}
