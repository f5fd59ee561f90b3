import { Worker } from 'node:worker_threads'
import type { IdentitySet } from './identities.js'

/** What the plain comparison of a probe with every row finds: row numbers and their scores, best first, ties by row. */
export interface TrueList {
  readonly rows: readonly number[]
  readonly scores: readonly number[]
}

/** Length of the lists: what searches are asked for. */
export const LIST_LENGTH = 10

/** The true lists, in float64, by two threads that share the rows; nothing of the code under test takes part. */
export async function trueLists(set: IdentitySet, probes: readonly Float32Array[]): Promise<readonly TrueList[]> {
  const half = Math.ceil(probes.length / 2)
  const parts = await Promise.all([ask(set, probes.slice(0, half)), ask(set, probes.slice(half))])
  return parts.flat()
}

export interface OracleTask {
  readonly rows: Float32Array
  readonly featureCount: number
  readonly probes: readonly Float32Array[]
}

function ask({ rows, featureCount }: IdentitySet, probes: readonly Float32Array[]): Promise<readonly TrueList[]> {
  const workerData: OracleTask = { rows, featureCount, probes: probes.map((probe) => Float32Array.from(probe)) }
  const worker = new Worker(new URL('./oracle-worker.js', import.meta.url), { workerData })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}
