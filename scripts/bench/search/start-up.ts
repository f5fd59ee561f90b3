import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { fillDataFile, SPACE } from './data-file.js'
import type { IdentitySet } from './identities.js'
import type { Timing } from './timing.js'

const run = promisify(execFile)
const STARTS = 3

/** What each start is told. */
export interface StartTask {
  readonly file: string
  readonly algorithm: string
  readonly featureCount: number
  readonly threadCount: number
}

/** What it prints, as JSON. */
export interface StartReport {
  readonly readyS: number
  readonly referenceCount: number
  /** Of the whole process, when ready. */
  readonly residentBytes: number
  /** Rows that a search compares on their float32 features; the median. */
  readonly comparedCount: number
  /** Searches for references of the file, whose features are read from it to be compared: one after the other, and 32 in flight. */
  readonly alone: Timing
  readonly inFlight: Timing
  /** While 32 were in flight: how long the main thread kept others waiting. */
  readonly eventLoopDelayP99Ms: number
}

const THREADS = 2

/**
 * From a closed data file until every reference can be searched, in new processes, one after the other: the store is opened,
 * memberships and references are read and checked, the shards filled. Then each searches. The pages of the file are in the system's cache.
 * @throws Error when a start did not find every reference
 */
export async function measureStarts(set: IdentitySet, folder: string): Promise<readonly StartReport[]> {
  const file = join(folder, 'start', 'portcullis.sqlite')
  await fillDataFile(file, set)
  const task: StartTask = { file, algorithm: SPACE, featureCount: set.featureCount, threadCount: THREADS }
  const program = fileURLToPath(new URL('./start-child.js', import.meta.url))
  const reports: StartReport[] = []
  while (reports.length < STARTS) {
    const { stdout } = await run(process.execPath, [program, JSON.stringify(task)])
    const report = JSON.parse(stdout) as StartReport
    if (report.referenceCount !== set.count) throw new Error('a start did not find every reference')
    reports.push(report)
  }
  await rm(join(folder, 'start'), { recursive: true, force: true })
  return reports
}
