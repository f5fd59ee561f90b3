import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { LIST_LENGTH } from './oracle.js'
import { judged, type Measured, type Result } from './result.js'
import { BUDGET_MS, type Timing } from './timing.js'

const run = promisify(execFile)
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024

/** What a program of another engine is told; `rows.f32` and `probes.f32` (little endian, row after row) lie in the folder. */
export interface OutsideTask {
  readonly folder: string
  readonly count: number
  readonly featureCount: number
  readonly listLength: number
  readonly budgetMs: number
}

/** What it prints, as JSON. */
export interface OutsideReport {
  readonly loadS: number
  readonly bytesPerTemplate: number
  readonly runs: readonly ({ readonly engine: string } & Timing)[]
}

/** Writes the set where other programs read it. */
export async function writeSet({ set }: Measured, folder: string): Promise<OutsideTask> {
  await writeFile(join(folder, 'rows.f32'), bytesOf([set.rows]))
  await writeFile(join(folder, 'probes.f32'), bytesOf(set.matedProbes))
  const { count, featureCount } = set
  return { folder, count, featureCount, listLength: LIST_LENGTH, budgetMs: BUDGET_MS }
}

/**
 * hnswlib-node at the settings that most use, in a process of its own: it can abort. It builds at once, on one thread, while
 * others build theirs.
 * @returns measures when called; the other engines are still then
 */
export function startHnswlib(measured: Measured, task: OutsideTask): () => Promise<readonly Result[]> {
  const program = fileURLToPath(new URL('./hnswlib-child.js', import.meta.url))
  const running = run(process.execPath, [program, JSON.stringify(task)], { maxBuffer: OUTPUT_BYTES_MAX })
  running.catch(() => undefined) // told to whoever asks for the results
  return async () => {
    running.child.stdin?.end() // the word to begin
    return resultsOf(measured, (await running).stdout)
  }
}

/** @param python as `findFaiss` found it */
export async function measureFaiss(root: string, measured: Measured, task: OutsideTask, python: string) {
  const program = join(root, 'scripts', 'bench', 'search', 'faiss_flat.py')
  const { stdout } = await run(python, [program, JSON.stringify(task)], { maxBuffer: OUTPUT_BYTES_MAX })
  return resultsOf(measured, stdout)
}

/** A Python that has Faiss, or null. Debian's own (python3-faiss) may stand behind another in the path. */
export async function findFaiss(): Promise<string | null> {
  for (const python of ['python3', '/usr/bin/python3'])
    if (await run(python, ['-c', 'import faiss']).catch(() => null)) return python
  return null
}

function resultsOf(measured: Measured, stdout: string): readonly Result[] {
  const { runs, ...cost } = JSON.parse(stdout) as OutsideReport
  return runs.map(({ engine, ...timing }) => judged(engine, measured, cost, timing))
}

function* bytesOf(arrays: readonly Float32Array[]) {
  for (const array of arrays) yield new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}
