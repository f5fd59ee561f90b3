import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { readManifest } from '../../../src/adapters/manifest/read-manifest.js'
import { OnnxRunner } from '../../../src/adapters/onnx/onnx-runner.js'
import { packageRoot } from '../../../src/cli/package-root.js'
import type { DetectedFace } from '../../../src/domain/face.js'
import type { RgbImage } from '../../../src/domain/image.js'
import type { ModelDescription } from '../../../src/domain/models.js'
import { detectFaces } from '../../../src/engines/face/detect.js'

const TEACHER = 'yunet-n'

/** A detector on the product's own path: pyramid, decoding, threshold, suppression. */
export interface Detector {
  readonly model: ModelDescription
  readonly runner: OnnxRunner
  readonly find: (image: RgbImage) => Promise<readonly DetectedFace[]>
}

/** The teacher of the manifest, and any file with the same input and outputs in its place. */
export async function openDetectors(teacherFolder: string, ownFile: string) {
  const manifest = readManifest(join(packageRoot(), 'models', 'manifest.json'))
  const teacher = manifest.models.find(({ id }) => id === TEACHER)
  if (teacher === undefined) throw new Error(`the manifest has no model ${TEACHER}`)
  const own = { ...teacher, id: 'own', file: basename(ownFile), bytes: (await readFile(ownFile)).length }
  return { teacher: await open(teacher, teacherFolder), own: await open(own, dirname(ownFile)) }
}

async function open(model: ModelDescription, folder: string): Promise<Detector> {
  const runner = await OnnxRunner.open([model], folder)
  return { model, runner, find: (image) => detectFaces(image, model, runner) }
}
