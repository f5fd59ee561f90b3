import { casesOf, checkExactness, tagOf, type Exactness } from './exactness.js'
import { makeIdentities } from './identities.js'
import { BenchIndex } from './indexes.js'
import { measureMemoryRead } from './memory-read.js'
import { measureOnnx } from './onnx-matmul.js'
import { trueLists } from './oracle.js'
import { measureFaiss, measureHnswlib, writeSet } from './outside.js'
import type { PlannedSet } from './plan.js'
import { measurePlainScan } from './plain-scan.js'
import { measureExact, measureGraph } from './portcullis.js'
import type { Measured, Result } from './result.js'

export interface Surroundings {
  readonly root: string
  /** Of this run alone, for what other programs read. */
  readonly folder: string
  readonly hasFaiss: boolean
}

export interface SetMeasurement {
  readonly results: readonly Result[]
  readonly exactness: readonly Exactness[]
  readonly eventLoopDelayP99Ms: number
}

const SEED = 20_250

/** Every engine on one set, one after the other, so that each has the machine. */
export async function measureSet(planned: PlannedSet, surroundings: Surroundings): Promise<SetMeasurement> {
  const set = makeIdentities(planned.count, planned.featureCount, planned.matedProbeCount, SEED)
  const measured: Measured = { set, matedLists: await trueLists(set, set.matedProbes) }
  const ours = await measureOurs(measured, planned.hasGraphs)
  return {
    ...ours,
    results: [
      await measureMemoryRead(set, 1),
      await measureMemoryRead(set, 2),
      ...ours.results,
      ...(await measureOutsiders(measured, planned.hasGraphs, surroundings)),
      ...(await measureOnnx(measured)),
      await measurePlainScan(measured),
    ],
  }
}

/** One and two threads without a graph, then two with one; exactness is checked on the last index that stands. */
async function measureOurs(measured: Measured, hasGraph: boolean): Promise<SetMeasurement> {
  const { set } = measured
  const cases = await casesOf(set, measured.matedLists)
  const one = await within(await BenchIndex.open(set, 1, false), (index) => measureExact(measured, index))
  const two = await within(await BenchIndex.open(set, 2, false, tagOf(set)), async (index) => {
    return { ...(await measureExact(measured, index)), exactness: await checkExactness(set, cases, index, 'exact') }
  })
  const results = [...one.results, ...two.results]
  const { eventLoopDelayP99Ms } = two
  if (!hasGraph) return { results, exactness: two.exactness, eventLoopDelayP99Ms }
  return within(await BenchIndex.open(set, 2, true, tagOf(set)), async (index) => ({
    results: [...results, ...(await measureGraph(measured, index))],
    exactness: [...two.exactness, ...(await checkExactness(set, cases, index, 'verified'))],
    eventLoopDelayP99Ms,
  }))
}

async function measureOutsiders(measured: Measured, hasGraphs: boolean, { root, folder, hasFaiss }: Surroundings) {
  if (!hasGraphs && !hasFaiss) return []
  const task = await writeSet(measured, folder)
  return [
    ...(hasGraphs ? await measureHnswlib(measured, task) : []),
    ...(hasFaiss ? await measureFaiss(root, measured, task) : []),
  ]
}

async function within<T>(index: BenchIndex, work: (index: BenchIndex) => Promise<T>): Promise<T> {
  try {
    return await work(index)
  } finally {
    await index.close()
  }
}
