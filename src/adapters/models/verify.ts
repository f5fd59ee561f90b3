import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { ModelCheck } from '../../domain/model-installation.js'
import type { Manifest, ModelDescription } from '../../domain/models.js'

/** Re-hashes every weights file of the manifest, one after the other: they are read from one disk. */
export async function verifyModels(manifest: Manifest, weightsFolder: string): Promise<readonly ModelCheck[]> {
  const checks: ModelCheck[] = []
  for (const model of manifest.models) checks.push(await verifyModel(model, weightsFolder))
  return checks
}

/** Compares one weights file with its manifest entry: first its size, which costs nothing, then its sha256. */
export async function verifyModel(model: ModelDescription, weightsFolder: string): Promise<ModelCheck> {
  const path = weightsPath(model, weightsFolder)
  const bytes = await sizeOf(path)
  if (bytes === null) return { model, state: 'missing', reason: 'the file is not there' }
  if (bytes !== model.bytes)
    return { model, state: 'damaged', reason: `the file has ${bytes} bytes, the manifest says ${model.bytes}` }
  const sha256 = await sha256Of(path)
  if (sha256 === null) return { model, state: 'damaged', reason: 'the file cannot be read' }
  if (sha256 !== model.sha256) return { model, state: 'damaged', reason: wrongHash(model, sha256) }
  return { model, state: 'installed', reason: '' }
}

/**
 * Where a model's file lies: in the weights folder, or in the package when that ships it.
 * @throws Error when the manifest's file name is a path: it must not lead out of the folder
 */
export function weightsPath(model: ModelDescription, weightsFolder: string): string {
  return join(model.shippedFolder ?? weightsFolder, plainName(model))
}

/** @throws Error when the manifest's file name is a path */
export function plainName(model: ModelDescription): string {
  if (model.file === '' || basename(model.file) !== model.file || model.file.startsWith('.'))
    throw new Error('a model file in the manifest must be a plain file name')
  return model.file
}

/** One sentence that names both hashes, so that two people can compare what they have. */
export function wrongHash(model: ModelDescription, sha256: string): string {
  return `its sha256 is ${sha256}, the manifest says ${model.sha256}`
}

/** Size of a regular file; null when there is none. */
async function sizeOf(path: string): Promise<number | null> {
  try {
    const entry = await stat(path)
    return entry.isFile() ? entry.size : null
  } catch {
    return null // not there, or not visible to us: both mean that it must be installed
  }
}

async function sha256Of(path: string): Promise<string | null> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  } catch {
    return null
  }
  return hash.digest('hex')
}
