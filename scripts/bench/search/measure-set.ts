import { casesOf, checkExactness, tagOf, type Exactness } from './exactness.js'
import { makeIdentities } from './identities.js'
import { BenchIndex } from './indexes.js'
import { measureOnnx } from './onnx-matmul.js'
import { trueLists } from './oracle.js'
import { measureFaiss, startHnswlib, writeSet, type OutsideTask } from './outside.js'
import type { PlannedSet } from './plan.js'
import { measurePlainScan } from './plain-scan.js'
import { measureExactInFlight, measureExactInTurns, measureGraph } from './portcullis.js'
import type { Measured, Result } from './result.js'
import { measureStarts, type StartReport } from './start-up.js'
import type { TemplateStatistics } from './template-statistics.js'

export interface Surroundings {
  readonly root: string
  /** Of this run alone, for what other programs read. */
  readonly folder: string
  /** A Python that has Faiss, or null. */
  readonly faissPython: string | null
  readonly statistics: TemplateStatistics
}

export interface SetMeasurement {
  readonly results: readonly Result[]
  readonly exactness: readonly Exactness[]
  readonly eventLoopDelayP99Ms: number
  /** Starts from a data file; none where the plan asks for none. */
  readonly starts: readonly StartReport[]
}

const SEED = 20_250

/** Every engine on one set, one after the other (only graphs are built side by side), so that each has the machine. */
export async function measureSet(planned: PlannedSet, surroundings: Surroundings): Promise<SetMeasurement> {
  const set = makeIdentities({ ...planned, statistics: surroundings.statistics, seed: SEED })
  const measured: Measured = { set, matedLists: await trueLists(set, set.matedProbes) }
  const cases = await casesOf(set, measured.matedLists)
  const exact = await measureExact(measured, cases)
  const needsFiles = planned.hasGraphs || surroundings.faissPython !== null
  const task = needsFiles ? await writeSet(measured, surroundings.folder) : null
  const graphs = planned.hasGraphs && task !== null ? await measureGraphs(measured, cases, task) : null
  const faiss =
    task !== null && surroundings.faissPython !== null
      ? await measureFaiss(surroundings.root, measured, task, surroundings.faissPython)
      : []
  const others = [...faiss, ...(await measureOnnx(measured)), await measurePlainScan(measured)]
  return {
    results: [...exact.results, ...(graphs?.results ?? []), ...others],
    exactness: [...exact.exactness, ...(graphs?.exactness ?? [])],
    eventLoopDelayP99Ms: exact.eventLoopDelayP99Ms,
    starts: planned.hasStarts ? await measureStarts(set, surroundings.folder) : [],
  }
}

type Cases = Awaited<ReturnType<typeof casesOf>>

/** One and two threads without a graph. */
async function measureExact(measured: Measured, cases: Cases) {
  const { set } = measured
  return within(await BenchIndex.open(set, 1, false), async (one) =>
    within(await BenchIndex.open(set, 2, false, tagOf(set)), async (two) => {
      const inTurns = await measureExactInTurns(measured, [one, two])
      const oneInFlight = await measureExactInFlight(measured, one)
      const twoInFlight = await measureExactInFlight(measured, two)
      return {
        results: [...inTurns, ...oneInFlight.results, ...twoInFlight.results],
        exactness: await checkExactness(set, cases, two, 'exact'),
        eventLoopDelayP99Ms: twoInFlight.eventLoopDelayP99Ms,
      }
    }),
  )
}

/** Ours on two threads, and hnswlib-node's own. */
async function measureGraphs(measured: Measured, cases: Cases, task: OutsideTask) {
  const { set } = measured
  const measureHnswlib = startHnswlib(measured, task)
  return within(await BenchIndex.open(set, 2, true, tagOf(set)), async (index) => {
    const hnswlib = await measureHnswlib() // waits until it is built too, so that ours has the machine
    const results = [...(await measureGraph(measured, index)), ...hnswlib]
    return { results, exactness: await checkExactness(set, cases, index, 'verified') }
  })
}

async function within<T>(index: BenchIndex, work: (index: BenchIndex) => Promise<T>): Promise<T> {
  try {
    return await work(index)
  } finally {
    await index.close()
  }
}
