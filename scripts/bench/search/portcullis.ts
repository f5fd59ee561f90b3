import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { SearchModeWish } from '../../../src/domain/search.js'
import { BenchIndex } from './indexes.js'
import { threads } from './memory-read.js'
import { judged, type Measured, type Result } from './result.js'
import { timeSearches, type Search } from './timing.js'

/** Searches under way at any time, as from so many kiosks. */
const IN_FLIGHT = [16, 32]
const DELAY_RESOLUTION_MS = 1

/** What only this measurement tells: how long the main thread kept others waiting while 32 searches were in flight. */
export interface ExactMeasurement {
  readonly results: readonly Result[]
  readonly eventLoopDelayP99Ms: number
}

/** The exact scan alone: one search after the other, then many in flight. */
export async function measureExact(measured: Measured, index: BenchIndex): Promise<ExactMeasurement> {
  const probes = measured.set.matedProbes
  const cost = { loadS: index.loadS, bytesPerTemplate: index.bytesPerTemplate }
  const name = `exact, ${threads(index.threadCount)}`
  const search = searchBy(index, 'exact')
  const results = [judged(name, measured, cost, await timeSearches(search, probes))]
  const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS })
  for (const inFlight of IN_FLIGHT) {
    delay.reset()
    delay.enable()
    const timing = await timeSearches(search, probes, inFlight)
    delay.disable()
    results.push(judged(`${name}, ${inFlight} in flight`, measured, cost, timing))
  }
  return { results, eventLoopDelayP99Ms: delay.percentile(99) / 1e6 - DELAY_RESOLUTION_MS }
}

/** The graph first and the exact scan behind it; then the graph alone. */
export async function measureGraph(measured: Measured, index: BenchIndex): Promise<readonly Result[]> {
  const cost = { loadS: index.loadS, bytesPerTemplate: index.bytesPerTemplate }
  const results: Result[] = []
  for (const mode of ['hnsw', 'verified'] as const) {
    const timing = await timeSearches(searchBy(index, mode), measured.set.matedProbes)
    results.push(judged(`${mode}, ${threads(index.threadCount)} and the graph`, measured, cost, timing))
  }
  return results
}

/** @throws Error when another mode answered: the row of the table would bear a wrong name */
function searchBy(index: BenchIndex, mode: Exclude<SearchModeWish, 'auto'>): Search {
  return async (probe) => {
    const result = await index.search(probe, { mode })
    if (result.mode !== mode) throw new Error(`a search by "${mode}" was answered by "${result.mode}"`)
    return result.neighbours.map(({ referenceId }) => referenceId)
  }
}
