import './no-telemetry.js'
import { OnnxRunner } from './adapters/onnx/onnx-runner.js'
import { SharpDecoder } from './adapters/image/sharp-decoder.js'
import { FacePipeline } from './engines/face/pipeline.js'
import type { FaceModels } from './engines/face/models.js'

/** What a worker thread needs to build its own pipeline; plain data, so that it can be posted. */
export interface FacePipelineOptions {
  readonly models: FaceModels
  readonly weightsFolder: string
}

/** Builds the face pipeline in the calling thread. @throws DomainError MODEL_NOT_INSTALLED for unreadable weights */
export async function composeFacePipeline({ models, weightsFolder }: FacePipelineOptions): Promise<FacePipeline> {
  const used = [models.detector, models.quality, models.headPose, ...models.recognisers]
  const runner = await OnnxRunner.open(
    used.filter((model) => model !== null),
    weightsFolder,
  )
  return new FacePipeline(new SharpDecoder(), runner, models)
}
