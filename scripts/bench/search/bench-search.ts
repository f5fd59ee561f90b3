import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { median } from '../statistics.js'
import { measureSet, type SetMeasurement } from './measure-set.js'
import { findFaiss } from './outside.js'
import { fitsMemory, planSets, type PlannedSet } from './plan.js'
import { logPlot, type Curve } from './plot.js'
import { exactnessTable, resultTables, setName, startTable, targetTable } from './report.js'
import type { Result } from './result.js'
import { targetRows } from './targets.js'
import { templateStatistics, type TemplateStatistics } from './template-statistics.js'

const PLOTTED_FEATURES = 128

/** Every search engine on sets of growing size, as Markdown; draws docs/search-bench.svg. @param isFull takes hours */
export async function benchSearch(root: string, isFull: boolean): Promise<string> {
  const [loadBefore] = loadavg() as [number]
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-bench-'))
  try {
    const statistics = await templateStatistics(root)
    const surroundings = { root, folder, faissPython: await findFaiss(), statistics }
    const planned = planSets(isFull)
    const measurements = new Map<PlannedSet, SetMeasurement>()
    for (const set of planned.filter(fitsMemory)) {
      console.error(`measuring ${setName(set)} …`)
      measurements.set(set, await measureSet(set, surroundings))
    }
    const results = [...measurements.values()].flatMap((measurement) => measurement.results)
    await writeFile(join(root, 'docs', 'search-bench.svg'), plotOf(results))
    const left = planned.filter((set) => !measurements.has(set))
    const notes = notesOf({ ...surroundings, isFull, loadBefore, left })
    return textOf(measurements, results, notes)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function textOf(
  measurements: ReadonlyMap<PlannedSet, SetMeasurement>,
  results: readonly Result[],
  notes: readonly string[],
): string {
  const exactness = [...measurements.values()].flatMap((measurement) => measurement.exactness)
  const million = [...measurements].find(([set]) => set.count === 1e6 && set.featureCount === PLOTTED_FEATURES)
  const eventLoopDelayP99Ms = million?.[1].eventLoopDelayP99Ms ?? null
  const starts = million?.[1].starts ?? []
  return [
    notes.map((note) => `- ${note}`).join('\n'),
    '### Targets',
    targetTable(targetRows({ results, exactness, eventLoopDelayP99Ms, starts })),
    '### Starts from a data file of 1,000,000 × 128, and searches on it (exact, 2 threads)',
    startTable(starts),
    '### Exactness',
    exactnessTable(exactness),
    resultTables(results),
  ].join('\n\n')
}

function notesOf(run: {
  readonly isFull: boolean
  readonly faissPython: string | null
  readonly statistics: TemplateStatistics
  readonly loadBefore: number
  readonly left: readonly PlannedSet[]
}): readonly string[] {
  const longer = 'A graph over a million of 128 features, and scans of a million of 256 and 512, take longer: `--full`.'
  const [loadAfter] = loadavg() as [number]
  return [
    run.statistics.source,
    `Load average of the machine before the run ${run.loadBefore.toFixed(1)}, after it ${loadAfter.toFixed(1)} (${cpus().length} cores; the run itself keeps one or two busy).`,
    ...(run.isFull ? [] : [longer]),
    ...(run.faissPython
      ? []
      : ['Faiss is left out: `python3 -c "import faiss"` fails here (Debian: `python3-faiss`).']),
    'usearch is left out: its current versions need Node 22.',
    ...run.left.map((set) => `${setName(set)} is left out: it does not fit into the memory that is free.`),
  ]
}

/** Median latency against size, one curve for each engine; searches in groups or in flight wait for one another and are left out. */
function plotOf(results: readonly Result[]): string {
  const curves = new Map<string, Curve>()
  for (const { engine, count, featureCount, timing } of results) {
    if (featureCount !== PLOTTED_FEATURES || /in flight|16 queries/.test(engine)) continue
    const points = curves.get(engine)?.points ?? []
    curves.set(engine, { name: engine, points: [...points, { x: count, y: median(timing.timesMs) }] })
  }
  return logPlot(
    [...curves.values()],
    { name: `templates of ${PLOTTED_FEATURES} features`, format: (value) => value.toLocaleString('en') },
    { name: 'median latency of one search, ms', format: String },
  )
}
