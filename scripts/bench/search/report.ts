import { upper95 } from '../../../src/engines/search/recall-tally.js'
import { markdownTable, median, quantile } from '../statistics.js'
import type { Exactness } from './exactness.js'
import type { Result } from './result.js'
import type { StartReport } from './start-up.js'
import type { TargetRow } from './targets.js'
import { bestRoundMs } from './timing.js'

const HEAD = [
  'engine',
  'load s',
  'bytes per template',
  'p50 ms',
  'best round ms',
  'p99 ms',
  'queries/s',
  'rank-1 recall',
  'missed ≤ (95 %)',
]

/** One table for each set. */
export function resultTables(results: readonly Result[]): string {
  const sets = new Map<string, Result[]>()
  for (const result of results) {
    const name = setName(result)
    sets.set(name, [...(sets.get(name) ?? []), result])
  }
  return [...sets]
    .map(([name, ofSet]) => `### ${name}\n\n${markdownTable([HEAD, ...ofSet.map(resultCells)])}`)
    .join('\n\n')
}

export function exactnessTable(rows: readonly Exactness[]): string {
  const cells = rows.map((row) => [
    setName(row),
    row.mode,
    row.kind,
    String(row.searchCount),
    row.wrongCount === 0 ? '0' : `**${row.wrongCount}**`,
    share(upper95(row.wrongCount, row.searchCount)),
  ])
  return markdownTable([['set', 'mode asked for', 'searches', 'lists compared', 'wrong', 'wrong ≤ (95 %)'], ...cells])
}

export function targetTable(rows: readonly TargetRow[]): string {
  const cell = ({ verdict }: TargetRow) =>
    verdict === 'met' ? verdict : verdict === 'not measured' ? '–' : `**${verdict}**`
  return markdownTable([['target', 'measured', ''], ...rows.map((row) => [row.target, row.measured, cell(row)])])
}

/** Starts from a data file, each in a new process. */
export function startTable(starts: readonly StartReport[]): string {
  const head = [
    'start',
    'ready s',
    'GB resident',
    'compared',
    'p50 ms',
    'p99 ms',
    'queries/s, 32 in flight',
    'event-loop delay p99 ms',
  ]
  const rows = starts.map(({ readyS, residentBytes, comparedCount, alone, inFlight, eventLoopDelayP99Ms }, i) => [
    String(i + 1),
    readyS.toFixed(1),
    (residentBytes / 1e9).toFixed(2),
    String(comparedCount),
    milliseconds(median(alone.timesMs)),
    milliseconds(quantile(alone.timesMs, 0.99)),
    inFlight.queriesPerSecond.toFixed(0),
    milliseconds(eventLoopDelayP99Ms),
  ])
  return markdownTable([head, ...rows])
}

export function setName({ count, featureCount }: { readonly count: number; readonly featureCount: number }): string {
  return `${count.toLocaleString('en')} × ${featureCount}`
}

function resultCells({ engine, loadS, bytesPerTemplate, timing, judgedCount, hitCount }: Result): readonly string[] {
  return [
    engine,
    loadS === null ? '–' : loadS.toFixed(1),
    bytesPerTemplate === null ? '–' : Math.round(bytesPerTemplate).toLocaleString('en'),
    milliseconds(median(timing.timesMs)),
    milliseconds(bestRoundMs(timing.timesMs)),
    milliseconds(quantile(timing.timesMs, 0.99)),
    Number(timing.queriesPerSecond.toPrecision(3)).toLocaleString('en'),
    judgedCount === 0 ? '–' : `${(hitCount / judgedCount).toFixed(4)} of ${judgedCount}`,
    judgedCount === 0 ? '–' : share(upper95(judgedCount - hitCount, judgedCount)),
  ]
}

function milliseconds(ms: number): string {
  return ms < 10 ? ms.toFixed(2) : ms.toFixed(1)
}

function share(value: number): string {
  return `${(100 * value).toFixed(2)} %`
}
