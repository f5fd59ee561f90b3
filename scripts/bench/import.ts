import { execFile } from 'node:child_process'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ImportReport } from '../../src/cli/template-import/import-templates.js'
import { probeHealth } from './health-under-load.js'
import { mulberry32 } from '../../test/support/random-vectors.js'
import { ServiceProcess } from './service-process.js'
import { markdownTable, median, quantile } from './statistics.js'

const TEMPLATES = 100_000

/**
 * 100,000 templates of the space in use, imported by `portcullis template import` into the service, each a process of its own on the
 * same cores. The time is that of the whole command. Health is asked meanwhile.
 */
export async function benchImport(root: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-bench-'))
  const service = await ServiceProcess.start(root, join(folder, 'data'))
  const client = await service.client()
  try {
    const { algorithm, featureCount } = await client.listModels()
    const file = join(folder, 'templates.jsonl')
    await writeTemplates(file, featureCount, algorithm)
    await client.createGallery({ gallery: { galleryId: 'bench', owner: 'bench', purpose: 'bench' } })

    const startedMs = performance.now()
    let isOver = false
    const imported = runImport(root, file, service.address).finally(() => (isOver = true))
    const [healthMs, report] = await Promise.all([probeHealth(service.address, () => isOver), imported])
    const seconds = (performance.now() - startedMs) / 1000
    if (report.importedCount !== TEMPLATES) throw new Error('not every template was imported')
    const { referenceCount } = await client.indexStatus()
    if (referenceCount !== TEMPLATES) throw new Error('not every template is searched')
    return markdownTable([
      ['import', 'measured'],
      [
        `templates of ${featureCount} features each second, durable and searched (target ≥ 5,000)`,
        Math.round(TEMPLATES / seconds).toLocaleString('en'),
      ],
      [`health check meanwhile: median / p99 ms (${healthMs.length} checks)`, milliseconds(healthMs)],
    ])
  } finally {
    client.close()
    await service.stop()
    await rm(folder, { recursive: true })
  }
}

async function runImport(root: string, file: string, address: string): Promise<ImportReport> {
  const program = join(root, 'dist', 'src', 'main.js')
  const args = [program, 'template', 'import', file, '--gallery', 'bench', '--server', address, '--json']
  const { stdout } = await promisify(execFile)(process.execPath, args)
  return JSON.parse(stdout) as ImportReport
}

/** Seeded unit vectors; that they are of nobody does not matter to storing them. */
async function writeTemplates(path: string, featureCount: number, algorithm: string): Promise<void> {
  const random = mulberry32(1)
  const file = await open(path, 'w')
  for (let i = 0; i < TEMPLATES; i++) {
    const values = Float32Array.from({ length: featureCount }, () => random() - 0.5)
    const norm = Math.hypot(...values)
    const packed = Buffer.from(values.map((value) => value / norm).buffer).toString('base64')
    await file.write(`${JSON.stringify({ subject_id: `s${i}`, algorithm, features_f32: packed })}\n`)
  }
  await file.close()
}

function milliseconds(times: readonly number[]): string {
  return `${median(times).toFixed(1)} / ${quantile(times, 0.99).toFixed(1)}`
}
