import type { Manifest, ModelStatus } from '../../domain/models.js'
import { verifyModels } from './verify.js'

/**
 * The state of every model of the manifest in a weights folder.
 * @param inUseIds the models that the running service has loaded; none outside the service
 */
export async function modelStatuses(
  manifest: Manifest,
  weightsFolder: string,
  inUseIds: ReadonlySet<string> = new Set(),
): Promise<readonly ModelStatus[]> {
  const checks = await verifyModels(manifest, weightsFolder)
  return checks.map(({ model, state }) => ({ model, state, inUse: inUseIds.has(model.id) }))
}
