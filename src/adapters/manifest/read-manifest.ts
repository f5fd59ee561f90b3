import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { DomainError } from '../../domain/errors.js'
import type { Manifest, ModelDescription, ModelKind, SpaceDescription } from '../../domain/models.js'
import { manifestSchema } from './schema.js'

/** What the decoder of each kind needs to find in `outputs`. */
const OUTPUTS_NEEDED: Readonly<Record<ModelKind, readonly string[]>> = {
  yunet: [], // named by its strides: cls_8 … kps_32
  embedding: ['features'],
  'sigmoid-quality': ['quality'],
  angles: ['yaw', 'pitch', 'roll'],
}

/**
 * Reads and checks a manifest.
 * @throws DomainError PARSE_ERROR naming the part that is wrong
 */
export function readManifest(path: string): Manifest {
  return parseManifest(readJson(path), dirname(resolve(path)))
}

/**
 * The same for a value that was parsed before.
 * @param folder the manifest's own: folders of shipped weights lie in it
 */
export function parseManifest(value: unknown, folder = ''): Manifest {
  const parsed = manifestSchema.safeParse(value)
  if (!parsed.success) throw fault(z.prettifyError(parsed.error).replaceAll('\n', ' '))
  const manifest: Manifest = { ...parsed.data, models: parsed.data.models.map((model) => located(model, folder)) }
  checkUnique('models', manifest.models)
  checkUnique('spaces', manifest.spaces)
  manifest.models.forEach(checkModel)
  manifest.spaces.forEach((space) => checkSpace(space, manifest))
  for (const id of manifest.defaultSpaces)
    if (!manifest.spaces.some((space) => space.id === id)) throw fault(`defaultSpaces names the unknown space ${id}`)
  return manifest
}

function located({ shippedIn, ...model }: z.output<typeof manifestSchema>['models'][number], folder: string) {
  return shippedIn === undefined ? model : { ...model, shippedFolder: resolve(folder, shippedIn) }
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new DomainError('PARSE_ERROR', 'a model manifest in JSON', 'an unreadable file', { cause })
  }
}

function checkUnique(field: string, items: readonly { readonly id: string }[]): void {
  const ids = items.map((item) => item.id)
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice !== undefined) throw fault(`${field} names ${twice} twice`)
}

function checkModel(model: ModelDescription): void {
  const missing = OUTPUTS_NEEDED[model.kind].find((name) => model.outputs[name] === undefined)
  if (missing !== undefined) throw fault(`model ${model.id} names no output "${missing}"`)
  if (model.kind === 'yunet') return
  if (model.alignment === null || model.input.widthPx === null || model.input.heightPx === null)
    throw fault(`model ${model.id} needs an alignment and a fixed input size`)
  if (model.kind === 'embedding' && model.featureCount === null) throw fault(`model ${model.id} needs a featureCount`)
  if (model.kind === 'sigmoid-quality' && model.nativeRange === null)
    throw fault(`model ${model.id} needs a nativeRange`)
}

function checkSpace(space: SpaceDescription, manifest: Manifest): void {
  for (const { modelId } of space.members)
    if (manifest.models.find((model) => model.id === modelId)?.role !== 'face-recogniser')
      throw fault(`space ${space.id} has the member ${modelId}, which is no recogniser of the manifest`)
  if (!space.operatingPoints.some((point) => point.fmr === space.defaultFmr))
    throw fault(`space ${space.id} has no operating point for its defaultFmr`)
}

function fault(got: string): DomainError {
  return new DomainError('PARSE_ERROR', 'a valid model manifest', got)
}
