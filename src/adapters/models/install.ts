import { mkdir } from 'node:fs/promises'
import { DomainError } from '../../domain/errors.js'
import type { InstallOutcome, InstallProgress } from '../../domain/model-installation.js'
import type { Manifest, ModelDescription } from '../../domain/models.js'
import { readMirror } from './mirror.js'
import { placeFile, removeAbandoned } from './place.js'
import { SourceError } from './source-error.js'
import { DEFAULT_TIMEOUTS, readUpstream, type DownloadTimeouts } from './upstream.js'
import { verifyModel } from './verify.js'

export interface InstallRequest {
  readonly weightsFolder: string
  /** A folder with the files under their manifest names: then nothing is fetched from the network. Null for upstream. */
  readonly mirrorFolder: string | null
  /** The wanted models; none named means all, and `RECOMMENDED` those that are not part of the package. */
  readonly ids: readonly string[]
  readonly onProgress?: InstallProgress
  readonly timeouts?: DownloadTimeouts
}

/** The stronger weights that others made, as a word in the place of their ids. */
const RECOMMENDED = 'recommended'

/** What the package ships cannot be fetched from elsewhere. */
const SHIPPED = 'it is part of this package, so install the package again or restore the file with `git checkout`'

/**
 * Installs the wanted models: `wanted → already there? → fetch → verify → place`, one after the other.
 * A model that cannot be had does not stop the others. Several installs into one folder do not harm each other.
 * @throws DomainError INVALID_ARGUMENT for an unknown id, UNAVAILABLE when the weights folder cannot be written
 */
export async function installModels(manifest: Manifest, request: InstallRequest): Promise<readonly InstallOutcome[]> {
  const wanted = wantedModels(manifest, request.ids)
  await prepareFolder(request.weightsFolder)
  const outcomes: InstallOutcome[] = []
  for (const model of wanted) outcomes.push(await installModel(model, request))
  return outcomes
}

async function installModel(model: ModelDescription, request: InstallRequest): Promise<InstallOutcome> {
  const { weightsFolder, mirrorFolder, onProgress = () => undefined, timeouts = DEFAULT_TIMEOUTS } = request
  const check = await verifyModel(model, weightsFolder)
  if (check.state === 'installed') return { model, outcome: 'already-installed' }
  if (model.shippedFolder !== undefined) return { model, outcome: 'failed', reason: `${check.reason}: ${SHIPPED}` }
  try {
    const content = mirrorFolder === null ? readUpstream(model, timeouts) : readMirror(mirrorFolder, model)
    await placeFile(model, weightsFolder, content, onProgress)
    return { model, outcome: 'installed', from: mirrorFolder === null ? 'upstream' : 'mirror' }
  } catch (error) {
    if (error instanceof SourceError) return { model, outcome: error.outcome, reason: error.message }
    if (isFileSystemError(error))
      return { model, outcome: 'failed', reason: `it cannot be written to the weights folder (${error.code})` }
    throw error
  }
}

function wantedModels(manifest: Manifest, ids: readonly string[]): readonly ModelDescription[] {
  if (ids.length === 0) return manifest.models
  const known = [RECOMMENDED, ...manifest.models.map((model) => model.id)]
  if (ids.some((id) => !known.includes(id)))
    throw new DomainError('INVALID_ARGUMENT', `model ids among ${known.join(', ')}`, 'another id', { field: 'ids' })
  const isRecommended = (model: ModelDescription) => ids.includes(RECOMMENDED) && model.shippedFolder === undefined
  return manifest.models.filter((model) => ids.includes(model.id) || isRecommended(model))
}

async function prepareFolder(weightsFolder: string): Promise<void> {
  try {
    await mkdir(weightsFolder, { recursive: true })
    await removeAbandoned(weightsFolder)
  } catch (cause) {
    const code = isFileSystemError(cause) ? cause.code : 'unknown error'
    throw new DomainError('UNAVAILABLE', `a weights folder that can be written (${weightsFolder})`, code, { cause })
  }
}

function isFileSystemError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && 'syscall' in error && typeof error.code === 'string'
}
