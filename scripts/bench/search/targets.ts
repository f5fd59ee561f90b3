import { median, quantile } from '../statistics.js'
import type { Exactness } from './exactness.js'
import type { Result } from './result.js'
import type { StartReport } from './start-up.js'
import { bestRoundMs } from './timing.js'

/** What a run says of a target: it was met, only in the best fifth of the run, not at all, or the run does not measure it. */
export type Verdict = 'met' | 'met in the best round' | 'short' | 'not measured'

/** A target of the design, and what this run says of it. */
export interface TargetRow {
  readonly target: string
  readonly measured: string
  readonly verdict: Verdict
}

export interface Evidence {
  readonly results: readonly Result[]
  readonly exactness: readonly Exactness[]
  /** On the set of a million templates of 128 features. */
  readonly eventLoopDelayP99Ms: number | null
  readonly starts: readonly StartReport[]
}

const MILLION = 1e6

/** Targets of the search core (set before it was written), each beside what was measured. */
export function targetRows(evidence: Evidence): readonly TargetRow[] {
  return [...scanTargets(evidence), ...graphTargets(evidence), ...comparisons(evidence)]
}

function scanTargets({ results, exactness, eventLoopDelayP99Ms, starts }: Evidence): readonly TargetRow[] {
  const two = find(results, MILLION, 128, 'exact, 2 threads')
  const batched = find(results, MILLION, 128, 'exact, 2 threads, 32 in flight')
  const wrongCount = exactness.filter(({ mode }) => mode === 'exact').reduce((sum, row) => sum + row.wrongCount, 0)
  return [
    p50('exact, 1M × 128, 2 threads', 15, two),
    atMost('exact, 1M × 128, 2 threads: p99', 30, 'ms', two && quantile(two.timing.timesMs, 0.99)),
    p50('exact, 1M × 128, 1 thread', 25, find(results, MILLION, 128, 'exact, 1 thread')),
    p50('exact, 100k × 512, 2 threads', 5, find(results, 1e5, 512, 'exact, 2 threads')),
    atMost('exact, all sets: wrong lists', 0, '', wrongCount),
    atLeast('exact, 1M × 128, 2 threads, 32 in flight', 100, 'queries/s', batched?.timing.queriesPerSecond),
    atMost('exact, 1M × 128: memory', 160, 'bytes per template', two?.bytesPerTemplate ?? undefined),
    atMost('event-loop delay, 1M × 128, 32 in flight: p99', 10, 'ms', eventLoopDelayP99Ms ?? undefined),
    ...fileTargets(starts),
  ]
}

/** The whole index as the service has it: on a data file, which gives the features that are compared. */
function fileTargets(starts: readonly StartReport[]): readonly TargetRow[] {
  const over = (what: string, limit: number, unit: string, values: readonly number[]) =>
    values.length === 0
      ? unmeasured(`${what} ≤ ${limit} ${unit}`)
      : atMost(what, limit, unit, median(values), Math.min(...values))
  const p50s = starts.map(({ alone }) => median(alone.timesMs))
  const delays = starts.map((start) => start.eventLoopDelayP99Ms)
  return [
    over(
      'ready from a data file, 1M × 128',
      10,
      's',
      starts.map(({ readyS }) => readyS),
    ),
    over('exact, 1M × 128, 2 threads, on a data file: p50', 15, 'ms', p50s),
    over('event-loop delay, 1M × 128, on a data file, 32 in flight: p99', 10, 'ms', delays),
  ]
}

function graphTargets({ results }: Evidence): readonly TargetRow[] {
  return [
    p50('hnsw alone, 1M × 128', 5, find(results, MILLION, 128, 'hnsw,')),
    p50('verified, 1M × 128, 2 threads', 20, find(results, MILLION, 128, 'verified,')),
  ]
}

function comparisons({ results }: Evidence): readonly TargetRow[] {
  const of = (engine: string) => find(results, MILLION, 128, engine)
  return [
    ratio('1 thread: p50 ≤ 2 × a bare read of its bytes', 2, of('exact, 1 thread'), of('read of the int8 bytes, 1')),
    ratio('2 threads: p50 ≤ 1 × Faiss FlatIP’s, 2 threads', 1, of('exact, 2 threads'), of('Faiss')),
    ratio('2 threads: p50 ≤ 1 × onnxruntime’s, 2 threads', 1, of('exact, 2 threads'), of('onnxruntime')),
  ]
}

function find(results: readonly Result[], count: number, featureCount: number, engine: string): Result | undefined {
  return results.find((result) => {
    return result.count === count && result.featureCount === featureCount && result.engine.startsWith(engine)
  })
}

function p50(what: string, limitMs: number, result: Result | undefined): TargetRow {
  const timesMs = result?.timing.timesMs
  return atMost(`${what}: p50`, limitMs, 'ms', timesMs && median(timesMs), timesMs && bestRoundMs(timesMs))
}

function ratio(what: string, limit: number, ours: Result | undefined, theirs: Result | undefined): TargetRow {
  const [a, b] = [ours?.timing.timesMs, theirs?.timing.timesMs]
  if (a === undefined || b === undefined) return unmeasured(`exact, 1M × 128, ${what}`)
  const [measured, best] = [median(a) / median(b), bestRoundMs(a) / bestRoundMs(b)]
  return row(`exact, 1M × 128, ${what}`, '×', (value) => value <= limit, measured, best)
}

function atMost(what: string, limit: number, unit: string, value: number | undefined, best?: number): TargetRow {
  const target = `${what} ≤ ${limit} ${unit}`.trim()
  return value === undefined ? unmeasured(target) : row(target, unit, (measured) => measured <= limit, value, best)
}

function atLeast(what: string, limit: number, unit: string, value: number | undefined): TargetRow {
  const target = `${what} ≥ ${limit} ${unit}`
  return value === undefined ? unmeasured(target) : row(target, unit, (measured) => measured >= limit, value)
}

function unmeasured(target: string): TargetRow {
  return { target, measured: 'not in this run', verdict: 'not measured' }
}

function row(
  target: string,
  unit: string,
  isMet: (value: number) => boolean,
  value: number,
  best: number = value,
): TargetRow {
  const digits = (number: number) => Number(number.toPrecision(4))
  const measured = `${digits(value)} ${unit}`.trim()
  const verdict = isMet(value) ? 'met' : isMet(best) ? 'met in the best round' : 'short'
  return { target, measured: best === value ? measured : `${measured} (best round ${digits(best)})`, verdict }
}
