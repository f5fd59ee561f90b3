import { quantile } from '../statistics.js'
import type { Exactness } from './exactness.js'
import type { Result } from './result.js'

/** A target of the design, and what this run says of it; null when the run does not measure it. */
export interface TargetRow {
  readonly target: string
  readonly measured: string
  readonly isMet: boolean | null
}

export interface Evidence {
  readonly results: readonly Result[]
  readonly exactness: readonly Exactness[]
  /** On the set of a million templates of 128 features. */
  readonly eventLoopDelayP99Ms: number | null
}

const MILLION = 1e6

/** Targets of the search core (set before it was written), each beside what was measured. */
export function targetRows({ results, exactness, eventLoopDelayP99Ms }: Evidence): readonly TargetRow[] {
  const of = (count: number, featureCount: number, engine: string) =>
    results.find((result) => {
      return result.count === count && result.featureCount === featureCount && result.engine.startsWith(engine)
    })
  const ms = (result: Result | undefined, q: number) => result && quantile(result.timing.timesMs, q)
  const two = of(MILLION, 128, 'exact, 2 threads')
  const one = of(MILLION, 128, 'exact, 1 thread')
  const batched = of(MILLION, 128, 'exact, 2 threads, 32 in flight')
  const wrongCount = exactness.filter(({ mode }) => mode === 'exact').reduce((sum, row) => sum + row.wrongCount, 0)
  return [
    atMost('exact, 1M × 128, 2 threads: p50', 15, 'ms', ms(two, 0.5)),
    atMost('exact, 1M × 128, 2 threads: p99', 30, 'ms', ms(two, 0.99)),
    atMost('exact, 1M × 128, 1 thread: p50', 25, 'ms', ms(one, 0.5)),
    atMost('exact, 100k × 512, 2 threads: p50', 5, 'ms', ms(of(1e5, 512, 'exact, 2 threads'), 0.5)),
    atMost('exact, all sets: wrong lists', 0, '', wrongCount),
    atMost('hnsw alone, 1M × 128: p50', 5, 'ms', ms(of(MILLION, 128, 'hnsw,'), 0.5)),
    atMost('verified, 1M × 128, 2 threads: p50', 20, 'ms', ms(of(MILLION, 128, 'verified,'), 0.5)),
    atLeast('exact, 1M × 128, 2 threads, 32 in flight', 100, 'queries/s', batched?.timing.queriesPerSecond),
    atMost('exact, 1M × 128: ready from rows in memory', 10, 's', two?.loadS ?? undefined),
    atMost('exact, 1M × 128: memory', 160, 'bytes per template', two?.bytesPerTemplate ?? undefined),
    atMost('event-loop delay, 1M × 128, 32 in flight: p99', 10, 'ms', eventLoopDelayP99Ms ?? undefined),
    ahead('Faiss FlatIP', ms(two, 0.5), ms(of(MILLION, 128, 'Faiss'), 0.5)),
  ]
}

function atMost(what: string, limit: number, unit: string, value: number | undefined): TargetRow {
  return row(`${what} ≤ ${limit} ${unit}`, value, unit, (measured) => measured <= limit)
}

function atLeast(what: string, limit: number, unit: string, value: number | undefined): TargetRow {
  return row(`${what} ≥ ${limit} ${unit}`, value, unit, (measured) => measured >= limit)
}

function ahead(whom: string, ours: number | undefined, theirs: number | undefined): TargetRow {
  const ratio = ours === undefined || theirs === undefined ? undefined : ours / theirs
  return row(`exact, 1M × 128, 2 threads: p50 ≤ 1 × ${whom}’s`, ratio, '×', (measured) => measured <= 1)
}

function row(target: string, value: number | undefined, unit: string, isMet: (value: number) => boolean): TargetRow {
  if (value === undefined) return { target, measured: 'not in this run', isMet: null }
  return { target, measured: `${Number(value.toPrecision(3))} ${unit}`.trim(), isMet: isMet(value) }
}
