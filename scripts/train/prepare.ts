// `node dist/scripts/train/prepare.js [--train FOLDER] [--lfw FOLDER] [--models FOLDER] [--out FOLDER]`: cuts the faces of the
// training images and of LFW's development view out with the product's own detection and alignment, labels them with the
// teacher, and drops each training image that looks like a person of LFW. LFW is written for evaluation alone.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { SharpDecoder } from '../../src/adapters/image/sharp-decoder.js'
import { readManifest } from '../../src/adapters/manifest/read-manifest.js'
import { OnnxRunner } from '../../src/adapters/onnx/onnx-runner.js'
import { packageRoot } from '../../src/cli/package-root.js'
import { dot } from '../../src/domain/template.js'
import { chooseFaceModels } from '../../src/engines/face/models.js'
import { parsePairs } from '../../src/services/evaluation/pairs.js'
import { cropAll, writeSet, type CropSet } from './crop-set.js'
import { FaceCropper } from './face-crops.js'

/** The space whose templates the student learns; its 112 px member is aligned as the student is. */
const TEACHER_SPACE = 'ensemble'
const STUDENT_ALIGNED_AS = 'mobilefacenet-foamliu'
/**
 * A training image whose teacher cosine with any LFW-dev image exceeds this is dropped. Over all comparisons of different
 * people of pairsDevTrain.txt less than one in 10,000 reaches it (models/README.md: FMR 1e-4 at 0.3881).
 */
const LFW_COSINE_MAX = 0.4
const LISTS = ['pairsDevTrain', 'pairsDevTest'] as const

const { values: options } = parseArgs({
  options: {
    train: { type: 'string', default: join(packageRoot(), '..', 'shared', 'train') },
    lfw: { type: 'string', default: join(packageRoot(), '..', 'shared', 'data', 'lfw-dev') },
    models: { type: 'string', default: join(packageRoot(), 'models', 'weights') },
    out: { type: 'string', default: join(packageRoot(), 'data', 'train') },
  },
})
await mkdir(options.out, { recursive: true })
const cropper = await openCropper(options.models)
const train = await cropAll(cropper, options.train, await jpegsOf(options.train))
const lfw = await cropLfw(cropper, options.lfw, options.out)
const kept = dropLookAlikes(train, lfw)
await writeSet(kept, join(options.out, 'train'))
await writeSet(lfw, join(options.out, 'lfw'))

async function openCropper(weightsFolder: string): Promise<FaceCropper> {
  const manifest = readManifest(join(packageRoot(), 'models', 'manifest.json'))
  const all = new Set(manifest.models.map((model) => model.id))
  const models = chooseFaceModels(manifest, all, TEACHER_SPACE)
  const runner = await OnnxRunner.open([models.detector, ...models.recognisers], weightsFolder)
  const student = manifest.models.find((model) => model.id === STUDENT_ALIGNED_AS)
  if (student === undefined) throw new Error(`the manifest has no model ${STUDENT_ALIGNED_AS}`)
  return new FaceCropper(new SharpDecoder(), runner, models, student)
}

/** Every JPEG below a folder, by its path from there, in the order of names: the same on every machine. */
async function jpegsOf(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true })
  return names.filter((name) => /\.jpe?g$/i.test(name)).toSorted()
}

/** The images of both lists; the pairs of each are written as positions in the set: `<list>.json`, [a, b, mated 0 or 1]. */
async function cropLfw(from: FaceCropper, folder: string, out: string): Promise<CropSet> {
  const lists = await Promise.all(
    LISTS.map(async (name) => [name, parsePairs(await readFile(join(folder, `${name}.txt`), 'utf8')).pairs] as const),
  )
  const wanted = new Set(lists.flatMap(([, pairs]) => pairs.flatMap(({ probe, reference }) => [probe, reference])))
  const set = await cropAll(from, join(folder, 'images'), [...wanted].toSorted())
  const position = new Map(set.names.map((name, i) => [name, i]))
  for (const [name, pairs] of lists) {
    const rows = pairs.map(({ probe, reference, mated }) => [
      position.get(probe),
      position.get(reference),
      Number(mated),
    ])
    await writeFile(
      join(out, `${name}.json`),
      `${JSON.stringify(rows.filter(([a, b]) => a !== undefined && b !== undefined))}\n`,
    )
  }
  return set
}

function dropLookAlikes(train: CropSet, lfw: CropSet): CropSet {
  const likeness = train.crops.map(({ teacher }) => Math.max(...lfw.crops.map((other) => dot(teacher, other.teacher))))
  const keep = likeness.flatMap((cosine, i) => (cosine > LFW_COSINE_MAX ? [] : [i]))
  const dropped = train.names.filter((_, i) => likeness[i]! > LFW_COSINE_MAX)
  const folders = new Set(train.names.map((name) => name.split('/')[0]!))
  for (const folder of folders)
    console.log(`${folder}: ${dropped.filter((name) => name.startsWith(`${folder}/`)).length} dropped`)
  console.log(`${dropped.length} of ${train.names.length} look like a person of LFW-dev and are dropped`)
  return { names: keep.map((i) => train.names[i]!), crops: keep.map((i) => train.crops[i]!) }
}
