import { createHash, randomUUID } from 'node:crypto'
import { open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { InstallProgress } from '../../domain/model-installation.js'
import type { ModelDescription } from '../../domain/models.js'
import { SourceError } from './source-error.js'
import { weightsPath, wrongHash } from './verify.js'

/** What a download is called until it is verified. The random part keeps parallel installs apart. */
const PARTIAL = /^\..*\.part$/

/** Longer than any download may take (`DownloadTimeouts.totalMs`): a file this old belongs to nobody. */
const PARTIAL_AGE_MAX_MS = 60 * 60_000

/**
 * Writes `content` beside its place, verifies it, and only then gives it its name:
 * whoever opens a model's file sees all of it or nothing, even after a power cut.
 * @throws SourceError when the content is not the manifest's file; nothing of it is left
 */
export async function placeFile(
  model: ModelDescription,
  weightsFolder: string,
  content: AsyncIterable<Uint8Array>,
  onProgress: InstallProgress,
): Promise<void> {
  const partialPath = join(weightsFolder, `.${model.file}.${randomUUID()}.part`)
  try {
    await writeVerified(model, partialPath, content, onProgress)
    await rename(partialPath, weightsPath(model, weightsFolder))
    await syncFolder(weightsFolder)
  } catch (error) {
    await rm(partialPath, { force: true })
    throw error
  }
}

async function writeVerified(
  model: ModelDescription,
  path: string,
  content: AsyncIterable<Uint8Array>,
  onProgress: InstallProgress,
): Promise<void> {
  const file = await open(path, 'wx', 0o644)
  try {
    const hash = createHash('sha256')
    let bytes = 0
    for await (const chunk of content) {
      bytes += chunk.length
      if (bytes > model.bytes) throw new SourceError('failed', `it is longer than the manifest's ${model.bytes} bytes`)
      hash.update(chunk)
      await file.writeFile(chunk) // a file handle goes on where it stopped; unlike write(), it never writes half
      onProgress(model, bytes)
    }
    if (bytes < model.bytes)
      throw new SourceError('failed', `it broke off after ${bytes} of the manifest's ${model.bytes} bytes`)
    const sha256 = hash.digest('hex')
    if (sha256 !== model.sha256) throw new SourceError('failed', `refused: ${wrongHash(model, sha256)}`)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Makes the rename itself durable. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Removes what an install left behind that was killed or lost power. */
export async function removeAbandoned(weightsFolder: string, nowMs: number = Date.now()): Promise<void> {
  for (const name of await readdir(weightsFolder)) {
    if (!PARTIAL.test(name)) continue
    const path = join(weightsFolder, name)
    const entry = await stat(path).catch(() => null) // another install may have finished with it just now
    if (entry !== null && nowMs - entry.mtimeMs > PARTIAL_AGE_MAX_MS) await rm(path, { force: true })
  }
}
