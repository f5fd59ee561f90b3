import type { RgbImage } from '../../domain/image.js'
import type { ModelDescription } from '../../domain/models.js'
import type { ModelRunner } from '../../domain/ports.js'
import type { FaceTemplate } from '../../domain/template.js'
import { batchOf } from './measures/models.js'
import type { FaceModels } from './models.js'
import { mirrored } from './warp.js'

/** One face as the recognisers want it: a crop for each member of the space, in the order of its members. */
export type AlignedFace = readonly RgbImage[]

/**
 * Makes a template of each aligned face.
 *
 * Each member's features are normalised (summed with those of the mirror image first, where the space says so), scaled
 * by √(weight / Σ weights) and joined: the dot product of two templates is then the weighted mean of the members'
 * cosines, and one vector index serves single recognisers and ensembles alike.
 */
export async function extractTemplates(
  faces: readonly AlignedFace[],
  models: FaceModels,
  runner: ModelRunner,
): Promise<readonly FaceTemplate[]> {
  if (faces.length === 0) return []
  const { featureCount, algorithm } = models.algorithm
  const features = faces.map(() => new Float32Array(featureCount))
  const weights = models.space.members.map((member) => member.weight)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let offset = 0
  for (const [m, recogniser] of models.recognisers.entries()) {
    const crops = faces.map((face) => face[m] as RgbImage)
    const rows = await featuresOf(recogniser, crops, models.space.mirror, runner)
    const scale = Math.sqrt(weights[m]! / total)
    rows.forEach((row, i) => row.forEach((value, j) => ((features[i] as Float32Array)[offset + j] = value * scale)))
    offset += recogniser.featureCount ?? 0
  }
  return features.map((values) => ({ algorithm, features: values }))
}

/** Unit features of each crop by one recogniser. */
async function featuresOf(
  recogniser: ModelDescription,
  crops: readonly RgbImage[],
  mirror: boolean,
  runner: ModelRunner,
): Promise<readonly Float32Array[]> {
  const batch = mirror ? crops.flatMap((crop) => [crop, mirrored(crop)]) : crops
  const output = (await runner.run(recogniser, batchOf(recogniser, batch)))[recogniser.outputs.features ?? '']
  const count = recogniser.featureCount
  if (output === undefined || count === null || output.data.length !== batch.length * count)
    throw new Error(`model ${recogniser.id} did not give ${String(count)} features for each crop`)
  const rows = batch.map((_, i) => unit(output.data.subarray(i * count, (i + 1) * count)))
  return mirror ? crops.map((_, i) => unit(sum(rows[2 * i] as Float32Array, rows[2 * i + 1] as Float32Array))) : rows
}

function sum(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, i) => value + b[i]!)
}

function unit(values: Float32Array): Float32Array {
  const norm = Math.hypot(...values)
  if (!Number.isFinite(norm) || norm < 1e-6) throw new Error('a recogniser gave features without a direction')
  return values.map((value) => value / norm)
}
