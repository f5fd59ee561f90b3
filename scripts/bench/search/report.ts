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

/** A row for each set and mode, a column for each kind of search: how many lists were wrong, of how many. */
export function exactnessTable(rows: readonly Exactness[]): string {
  const kinds = [...new Set(rows.map(({ kind }) => kind))]
  const groups = new Map<string, Exactness[]>()
  for (const row of rows) {
    const name = `${setName(row)} | ${row.mode}`
    groups.set(name, [...(groups.get(name) ?? []), row])
  }
  const cells = [...groups].map(([name, group]) => [
    name,
    ...kinds.map((kind) => {
      const row = group.find((one) => one.kind === kind)
      return row === undefined ? '–' : `${wrong(row.wrongCount)} of ${row.searchCount}`
    }),
  ])
  const searchCount = rows.reduce((sum, row) => sum + row.searchCount, 0)
  const wrongCount = rows.reduce((sum, row) => sum + row.wrongCount, 0)
  const total = `Lists that differ from the plain comparison: ${wrong(wrongCount)} of ${searchCount.toLocaleString('en')}.`
  return `${total}\n\n${markdownTable([['set | mode asked for', ...kinds], ...cells]).replace('| --- ', '| --- | --- ')}`
}

function wrong(count: number): string {
  return count === 0 ? '0' : `**${count}**`
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
