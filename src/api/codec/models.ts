import type { CalibrationStatus } from '../../domain/calibration.js'
import type { InstallState, ModelStatus } from '../../domain/models.js'
import type { Calibration } from '../../generated/portcullis/v1/Calibration.js'
import type { CalibrationState__Output } from '../../generated/portcullis/v1/CalibrationState.js'
import type { ListModelsResponse } from '../../generated/portcullis/v1/ListModelsResponse.js'
import type { Model } from '../../generated/portcullis/v1/Model.js'
import type { ModelState__Output } from '../../generated/portcullis/v1/ModelState.js'

/** What the running service knows of models. */
export interface ModelReport {
  readonly models: readonly ModelStatus[]
  /** The template space in use, "<space id>@<sha256 prefix>"; '' when none can be. */
  readonly algorithm: string
  readonly featureCount: number
  /** Of the face space and of the finger matcher in use. */
  readonly calibrations: readonly CalibrationStatus[]
}

export function modelsToProto(report: ModelReport): ListModelsResponse {
  const { algorithm, featureCount } = report
  return {
    models: report.models.map(modelToProto),
    algorithm,
    featureCount,
    calibrations: report.calibrations.map(calibrationToProto),
  }
}

const STATE_TO_PROTO: Readonly<Record<InstallState, ModelState__Output>> = {
  installed: 'MODEL_STATE_INSTALLED',
  missing: 'MODEL_STATE_MISSING',
  damaged: 'MODEL_STATE_DAMAGED',
}

const CALIBRATION_STATE_TO_PROTO: Readonly<Record<CalibrationStatus['state'], CalibrationState__Output>> = {
  usable: 'CALIBRATION_STATE_USABLE',
  absent: 'CALIBRATION_STATE_ABSENT',
  damaged: 'CALIBRATION_STATE_DAMAGED',
  'other-space': 'CALIBRATION_STATE_OTHER_SPACE',
}

function calibrationToProto({ algorithm, state, source, resolution }: CalibrationStatus): Calibration {
  const head = { algorithm, state: CALIBRATION_STATE_TO_PROTO[state] }
  if (source === null || resolution === null) return head
  const { data: measuredOn, date, personCount, sampleCount } = source
  return { ...head, measuredOn, date, personCount, sampleCount, resolution }
}

function modelToProto({ model, state, inUse }: ModelStatus): Model {
  const { id, role, sha256, licence, caveats } = model
  return { modelId: id, role, sha256, licence, caveats, state: STATE_TO_PROTO[state], inUse }
}
