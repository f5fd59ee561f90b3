import { createHash } from 'node:crypto'
import { DomainError } from '../../domain/errors.js'
import type { FaceAlgorithm, Manifest, ModelDescription, ModelRole, SpaceDescription } from '../../domain/models.js'

/** The models that the pipeline runs, chosen from the manifest when the service starts. */
export interface FaceModels {
  readonly detector: ModelDescription
  /** Null where it is not installed: quality is then made of the measurements alone. */
  readonly quality: ModelDescription | null
  /** Null where it is not installed: yaw and pitch are then not reported. */
  readonly headPose: ModelDescription | null
  readonly space: SpaceDescription
  /** In the order of `space.members`. */
  readonly recognisers: readonly ModelDescription[]
  readonly algorithm: FaceAlgorithm
}

/**
 * Changes whenever alignment, normalisation or fusion change so that features differ: it is part of every template's
 * algorithm name, and templates of different versions are never compared.
 */
export const PREPROCESSING_VERSION = 1

/** "<model id>@<first 12 hex digits of its sha256>" */
export function modelName(model: ModelDescription): string {
  return `${model.id}@${model.sha256.slice(0, 12)}`
}

/**
 * Chooses what runs: the detector, quality and pose models that are installed (the first of each role in the manifest),
 * and the wanted space or, when `spaceId` is '', the first default space whose recognisers are all installed.
 * @throws DomainError MODEL_NOT_INSTALLED saying which command mends it; INVALID_ARGUMENT for an unknown space
 */
export function chooseFaceModels(manifest: Manifest, installed: ReadonlySet<string>, spaceId: string): FaceModels {
  const firstOf = (role: ModelRole) => manifest.models.find((model) => model.role === role && installed.has(model.id))
  const detector = firstOf('face-detector')
  if (detector === undefined) throw notInstalled('a face detector')
  const space = chooseSpace(manifest, installed, spaceId)
  const recognisers = space.members.map(({ modelId }) => modelById(manifest, modelId))
  const quality = firstOf('face-quality') ?? null
  const headPose = firstOf('head-pose') ?? null
  const parts = [detector, ...recognisers, quality, headPose].filter((model) => model !== null)
  return { detector, quality, headPose, space, recognisers, algorithm: algorithmOf(space, recognisers, parts) }
}

function chooseSpace(manifest: Manifest, installed: ReadonlySet<string>, spaceId: string): SpaceDescription {
  const usable = (id: string) =>
    manifest.spaces.find((space) => space.id === id && space.members.every(({ modelId }) => installed.has(modelId)))
  if (spaceId === '') {
    const space = manifest.defaultSpaces.map(usable).find((candidate) => candidate !== undefined)
    if (space === undefined) throw notInstalled('the recognisers of a template space')
    return space
  }
  if (!manifest.spaces.some((space) => space.id === spaceId))
    throw new DomainError('INVALID_ARGUMENT', 'a template space of the manifest', 'an unknown one', { field: 'space' })
  const space = usable(spaceId)
  if (space === undefined) throw notInstalled(`the recognisers of the template space ${spaceId}`)
  return space
}

function notInstalled(what: string): DomainError {
  return new DomainError(
    'MODEL_NOT_INSTALLED',
    what,
    'none installed: run `npx portcullis models install recommended`, on a closed network with --mirror and a folder that has them',
  )
}

function modelById(manifest: Manifest, id: string): ModelDescription {
  const model = manifest.models.find((candidate) => candidate.id === id)
  if (model === undefined) throw new Error(`the manifest has no model ${id}`)
  return model
}

/**
 * Names the space by what makes its features: recognisers, weights, mirror averaging and preprocessing. The detector is
 * not part of it: landmarks of another detector move features a little, they do not change what the features mean.
 */
function algorithmOf(
  space: SpaceDescription,
  recognisers: readonly ModelDescription[],
  parts: readonly ModelDescription[],
): FaceAlgorithm {
  const identity = {
    recognisers: recognisers.map((model, i) => [model.sha256, space.members[i]?.weight]),
    mirror: space.mirror,
    preprocessing: PREPROCESSING_VERSION,
  }
  const hash = createHash('sha256').update(JSON.stringify(identity)).digest('hex')
  return {
    algorithm: `${space.id}@${hash.slice(0, 12)}`,
    spaceId: space.id,
    featureCount: recognisers.reduce((sum, model) => sum + (model.featureCount ?? 0), 0),
    modelIds: parts.map(modelName),
    operatingPoints: space.operatingPoints,
    defaultFmr: space.defaultFmr,
    measuredOn: space.measuredOn,
  }
}
