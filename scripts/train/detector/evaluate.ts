// `node dist/scripts/train/detector/evaluate.js --own FILE.onnx [--models FOLDER] [--lfw FOLDER] [--face-free FOLDER] [--every 1]
// [--out FILE.json]`: the detector against its teacher on the product's own detection path: LFW-dev, scales, turns, samples,
// images without a face.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { SharpDecoder } from '../../../src/adapters/image/sharp-decoder.js'
import { packageRoot } from '../../../src/cli/package-root.js'
import { agreement, centralFace, rounded, summarise, type Agreement } from './agreement.js'
import { openDetectors } from './detectors.js'
import { treated, TREATMENTS } from './treatments.js'
import { steadyFace } from './steady.js'
import { resized, turned, type View } from './views.js'

const FACE_PX = [20, 40, 80, 200] as const
const TURNS_DEG = [-45, -20, 20, 45, 180] as const
/** Changed views are measured on every eighth image of those that are looked at. */
const VIEWS_EVERY = 8

const shared = join(packageRoot(), '..', 'shared')
const { values: options } = parseArgs({
  options: {
    own: { type: 'string' },
    models: { type: 'string', default: join(shared, 'models') },
    lfw: { type: 'string', default: join(shared, 'data', 'lfw-dev') },
    'face-free': { type: 'string', default: join(packageRoot(), 'data', 'face-free') },
    every: { type: 'string', default: '1' },
    out: { type: 'string' },
  },
})
if (options.own === undefined) throw new Error('--own names the detector file')
const decoder = new SharpDecoder()
const { teacher, own } = await openDetectors(options.models, options.own)
const report = {
  lfwDev: await measureLfw(join(options.lfw, 'images'), Number(options.every)),
  samples: await measureSamples(join(packageRoot(), 'samples')),
  faceFree: await measureFaceFree(options['face-free']),
}
console.log(JSON.stringify(report, null, 2))
if (options.out !== undefined) await writeFile(options.out, `${JSON.stringify(report, null, 2)}\n`)

async function imagesOf(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true })
  return names
    .filter((name) => /\.(jpe?g|png)$/i.test(name))
    .toSorted()
    .map((name) => join(folder, name))
}

/**
 * The central face of each image by the teacher, found or not; of some of them also against the teacher's landmarks without its own
 * wavering, and changed views, for both detectors.
 */
async function measureLfw(folder: string, every: number) {
  const paths = (await imagesOf(folder)).filter((_, i) => i % every === 0)
  const upright: Agreement[] = []
  const steady = { own: [] as Agreement[], teacher: [] as Agreement[] }
  const views = new Map<string, { own: Agreement[]; teacher: Agreement[] }>()
  let [withoutTeacher, more] = [0, 0]
  for (const [i, path] of paths.entries()) {
    const { image } = await decoder.decode(await readFile(path))
    const theirs = await teacher.find(image)
    const reference = centralFace(theirs, image)
    if (reference === null) {
      withoutTeacher++
      continue
    }
    const ours = await own.find(image)
    upright.push(agreement(reference, ours))
    more += Number(ours.length > theirs.length)
    if (i % VIEWS_EVERY !== 0) continue
    const steadily = await steadyFace(teacher, image, reference)
    steady.own.push(agreement(steadily, ours))
    steady.teacher.push(agreement(steadily, [reference]))
    for (const px of FACE_PX) await add(views, `face of ${px} px`, await resized(image, reference, px))
    for (const degrees of TURNS_DEG) await add(views, `turned by ${degrees}°`, await turned(image, reference, degrees))
    for (const name of Object.keys(TREATMENTS)) await add(views, name, await treated(image, reference, name))
  }
  const changed = [...views].map(([name, both]) => [
    name,
    { own: summarise(both.own), teacher: summarise(both.teacher) },
  ])
  return {
    images: paths.length,
    withoutTeacher,
    imagesWithMoreFacesThanTeacher: more,
    ...summarise(upright),
    againstSteadyTeacher: { own: summarise(steady.own), teacher: summarise(steady.teacher) },
    views: Object.fromEntries(changed) as unknown,
  }
}

async function add(views: Map<string, { own: Agreement[]; teacher: Agreement[] }>, name: string, view: View) {
  const both = views.get(name) ?? { own: [], teacher: [] }
  both.own.push(agreement(view.face, await own.find(view.image)))
  both.teacher.push(agreement(view.face, await teacher.find(view.image)))
  views.set(name, both)
}

/** The project's rendered samples: one face in each image. */
async function measureSamples(folder: string) {
  const all: Agreement[] = []
  const scores: number[] = []
  for (const path of await imagesOf(folder)) {
    const { image } = await decoder.decode(await readFile(path))
    const reference = centralFace(await teacher.find(image), image)
    if (reference === null) continue // a fingerprint
    const ours = await own.find(image)
    all.push(agreement(reference, ours))
    scores.push(Math.max(0, ...ours.map(({ score }) => score)))
  }
  return { ...summarise(all), scoreMin: rounded(Math.min(...scores)) }
}

/** Images in which each detector reports a face, by kind (the file name up to its number). */
async function measureFaceFree(folder: string) {
  const kinds = new Map<string, { images: number; own: number; teacher: number }>()
  for (const path of await imagesOf(folder)) {
    const kind = /([a-z-]+)-\d+\.png$/.exec(path)?.[1] ?? 'other'
    const { image } = await decoder.decode(await readFile(path))
    const count = kinds.get(kind) ?? { images: 0, own: 0, teacher: 0 }
    count.images++
    count.own += Number((await own.find(image)).length > 0)
    count.teacher += Number((await teacher.find(image)).length > 0)
    kinds.set(kind, count)
  }
  const counts = [...kinds.values()]
  const sum = (of: 'images' | 'own' | 'teacher') => counts.reduce((total, count) => total + count[of], 0)
  const kindsByName: unknown = Object.fromEntries(kinds)
  return {
    images: sum('images'),
    own: rounded(sum('own') / sum('images')),
    teacher: rounded(sum('teacher') / sum('images')),
    kinds: kindsByName,
  }
}
