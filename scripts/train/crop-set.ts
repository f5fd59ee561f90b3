import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FaceCrop, FaceCropper } from './face-crops.js'

/** Faces of a folder, in the order of their names. */
export interface CropSet {
  readonly names: readonly string[]
  readonly crops: readonly FaceCrop[]
}

/** As many images under way as there are cores: onnxruntime computes beside this thread. */
const CONCURRENCY = 2
const TELL_EVERY = 250

/** Cuts a face out of each file. Files without a face are left out and counted. */
export async function cropAll(cropper: FaceCropper, folder: string, names: readonly string[]): Promise<CropSet> {
  const found = new Map<string, FaceCrop>()
  const waiting = names.entries()
  const work = async () => {
    for (const [i, name] of waiting) {
      const crop = await cropper.crop(await readFile(join(folder, name)))
      if (crop !== null) found.set(name, crop)
      if (i % TELL_EVERY === 0) console.log(`${folder}: ${i} of ${names.length}`)
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, work))
  const kept = names.filter((name) => found.has(name))
  console.log(`${folder}: a face in ${kept.length} of ${names.length} images`)
  return { names: kept, crops: kept.map((name) => found.get(name)!) }
}

/**
 * Writes a set as the training reads it (scripts/train/faces.py), N faces:
 * `<set>.crops.u8` [N, side, side, 3] RGB bytes, `<set>.landmarks.f32` [N, 5, 2] x and y in pixels of the crop,
 * `<set>.teacher.f32` [N, features], `<set>.names.json`.
 */
export async function writeSet({ names, crops }: CropSet, path: string): Promise<void> {
  const points = crops.flatMap(({ landmarks }) => landmarks.flatMap(({ x, y }) => [x, y]))
  await writeFile(`${path}.crops.u8`, Buffer.concat(crops.map(({ image }) => image.pixels)))
  await writeFile(`${path}.landmarks.f32`, new Float32Array(points))
  await writeFile(`${path}.teacher.f32`, Buffer.concat(crops.map(({ teacher }) => Buffer.from(teacher.buffer))))
  await writeFile(`${path}.names.json`, `${JSON.stringify(names)}\n`)
}
