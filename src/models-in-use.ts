import type { ModelsInUse } from './cli/doctor.js'
import { DomainError } from './domain/errors.js'
import type { ModelCheck } from './domain/model-installation.js'
import type { Manifest } from './domain/models.js'
import { chooseFaceModels } from './engines/face/models.js'

/** What a service would choose from the models that are there; null where that is not enough. */
export function modelsInUse(
  manifest: Manifest,
  checks: readonly ModelCheck[],
  spaceId: string | null,
): ModelsInUse | null {
  const installed = checks.filter(({ state }) => state === 'installed').map(({ model }) => model.id)
  try {
    const { space, detector, recognisers, algorithm } = chooseFaceModels(manifest, new Set(installed), spaceId ?? '')
    const areShipped = [detector, ...recognisers].every(({ shippedFolder }) => shippedFolder !== undefined)
    return { spaceId: space.id, modelIds: algorithm.modelIds, areShipped }
  } catch (error) {
    if (error instanceof DomainError) return null
    throw error
  }
}
