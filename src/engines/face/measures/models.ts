import type { DetectedFace } from '../../../domain/face.js'
import type { RgbImage } from '../../../domain/image.js'
import type { ModelDescription } from '../../../domain/models.js'
import type { ModelRunner } from '../../../domain/ports.js'
import type { QualityComponent } from '../../../domain/quality.js'
import { alignFor } from '../align.js'
import { toTensor } from '../tensor.js'
import { judge } from './component.js'
import type { HeadPose } from './pose.js'

/**
 * Recognisability of each face by a quality model of kind "sigmoid-quality" (LightQNet: Chen et al., 2021): one output
 * in 0 to 1, greater is better, mapped linearly from the manifest's `nativeRange`.
 */
export async function measureRecognisability(
  model: ModelDescription,
  image: RgbImage,
  faces: readonly DetectedFace[],
  runner: ModelRunner,
): Promise<readonly QualityComponent[]> {
  const [low, high] = model.nativeRange ?? [0, 1]
  const native = await runOverFaces(model, image, faces, runner, 'quality')
  return native.map((value) =>
    judge(
      {
        measure: 'recognisability',
        unit: 'model output',
        digits: 2,
        mapping: [
          [low, 0],
          [high, 100],
        ],
        good: 'The face can be recognised well.',
        advice: () => 'The face can hardly be recognised: capture it again, frontal, sharp and evenly lit.',
      },
      value,
    ),
  )
}

/** Yaw and pitch of each face by a model of kind "angles", in degrees. */
export async function measureHeadPose(
  model: ModelDescription,
  image: RgbImage,
  faces: readonly DetectedFace[],
  runner: ModelRunner,
): Promise<readonly HeadPose[]> {
  const crops = faces.map((face) => alignFor(model, image, face))
  const outputs = await runner.run(model, batchOf(model, crops))
  const yaw = outputs[model.outputs.yaw ?? '']?.data
  const pitch = outputs[model.outputs.pitch ?? '']?.data
  if (yaw === undefined || pitch === undefined) throw new Error(`model ${model.id} gave no angles`)
  return faces.map((_, i) => ({ yawDeg: yaw[i] as number, pitchDeg: pitch[i] as number }))
}

async function runOverFaces(
  model: ModelDescription,
  image: RgbImage,
  faces: readonly DetectedFace[],
  runner: ModelRunner,
  output: string,
): Promise<readonly number[]> {
  const crops = faces.map((face) => alignFor(model, image, face))
  const tensor = (await runner.run(model, batchOf(model, crops)))[model.outputs[output] ?? '']
  if (tensor === undefined) throw new Error(`model ${model.id} gave no ${output}`)
  return Array.from(tensor.data)
}

/** Crops of one model's size as its input batch. */
export function batchOf(model: ModelDescription, crops: readonly RgbImage[]) {
  return toTensor(crops, model.input, model.input.widthPx as number, model.input.heightPx as number)
}
