import type { InstallState, ModelStatus } from '../../domain/models.js'
import type { ListModelsResponse } from '../../generated/portcullis/v1/ListModelsResponse.js'
import type { Model } from '../../generated/portcullis/v1/Model.js'
import type { ModelState__Output } from '../../generated/portcullis/v1/ModelState.js'

/** What the running service knows of models. */
export interface ModelReport {
  readonly models: readonly ModelStatus[]
  /** The template space in use, "<space id>@<sha256 prefix>"; '' when none can be. */
  readonly algorithm: string
  readonly featureCount: number
}

export function modelsToProto(report: ModelReport): ListModelsResponse {
  return { models: report.models.map(modelToProto), algorithm: report.algorithm, featureCount: report.featureCount }
}

const STATE_TO_PROTO: Readonly<Record<InstallState, ModelState__Output>> = {
  installed: 'MODEL_STATE_INSTALLED',
  missing: 'MODEL_STATE_MISSING',
  damaged: 'MODEL_STATE_DAMAGED',
}

function modelToProto({ model, state, inUse }: ModelStatus): Model {
  const { id, role, sha256, licence, caveats } = model
  return { modelId: id, role, sha256, licence, caveats, state: STATE_TO_PROTO[state], inUse }
}
