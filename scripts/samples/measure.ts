/**
 * Measures the samples with real models: `node dist/scripts/samples/measure.js [--models DIR] [--samples DIR]`.
 * Prints what samples/README.md quotes.
 */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import * as ort from 'onnxruntime-node'
import sharp from 'sharp'
import { FaceDetector } from './face-detector.js'
import { readPixels } from './pixels.js'
import { Recogniser, RECOGNISERS } from './recogniser.js'

/** One picture as the models see it; `subject` is empty for a stranger. */
interface Measured {
  readonly image: string
  readonly subject: string
  readonly detectorScore: number
  readonly features: readonly Float32Array[] // one per recogniser
}

const { values: options } = parseArgs({
  options: {
    models: { type: 'string', default: process.env.PORTCULLIS_MODELS_MIRROR ?? '../shared/models' },
    samples: { type: 'string', default: 'samples' },
  },
})
sharp.concurrency(1)
await measure(options.models, options.samples)

async function measure(models: string, samples: string): Promise<void> {
  const detector = new FaceDetector(await load(path.join(models, 'yunet_n_dynamic.onnx')))
  const recognisers: Recogniser[] = []
  for (const spec of RECOGNISERS) recognisers.push(new Recogniser(spec, await load(path.join(models, spec.file))))
  const look = async ({ image, subject }: { image: string; subject: string }): Promise<Measured> => {
    const picture = await readPixels(path.join(samples, image))
    const face = await detector.best(picture)
    const features: Float32Array[] = []
    for (const recogniser of recognisers) features.push(await recogniser.features(picture, face.landmarks))
    return { image, subject, detectorScore: face.score, features }
  }
  const gallery = await inTurn(await rows(path.join(samples, 'subjects.csv'), 'image', 'subject_id'), look)
  const probes = await inTurn(await rows(path.join(samples, 'probes.csv'), 'image', 'subject_id'), look)
  reportDetection([...gallery, ...probes])
  recognisers.forEach(({ spec }, index) => reportRecognition(spec.name, index, gallery, probes))
}

function load(file: string): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(file, { intraOpNumThreads: 1, interOpNumThreads: 1 })
}

async function inTurn<In, Out>(items: readonly In[], work: (item: In) => Promise<Out>): Promise<Out[]> {
  const results: Out[] = []
  for (const item of items) results.push(await work(item))
  return results
}

/** Our own lists hold no quotes and no commas inside fields. */
async function rows(
  file: string,
  imageColumn: string,
  subjectColumn: string,
): Promise<{ image: string; subject: string }[]> {
  const [header = '', ...lines] = (await readFile(file, 'utf8')).trimEnd().split('\n')
  const columns = header.split(',')
  const cell = (line: string, column: string): string => line.split(',')[columns.indexOf(column)] ?? ''
  return lines.map((line) => ({ image: cell(line, imageColumn), subject: cell(line, subjectColumn) }))
}

function reportDetection(all: readonly Measured[]): void {
  const scores = all.map(({ detectorScore }) => detectorScore)
  const worst = all.reduce((a, b) => (b.detectorScore < a.detectorScore ? b : a))
  console.log(
    `detector: ${all.length} images, score min ${Math.min(...scores).toFixed(3)} (${worst.image}), median ${median(scores).toFixed(3)}`,
  )
}

function reportRecognition(
  name: string,
  index: number,
  gallery: readonly Measured[],
  probes: readonly Measured[],
): void {
  const cosine = (a: Measured, b: Measured): number =>
    a.features[index]!.reduce((sum, v, i) => sum + v * b.features[index]![i]!, 0)
  const pairs = probes.flatMap((probe) =>
    gallery.map((reference) => ({ probe, reference, score: cosine(probe, reference) })),
  )
  const mated = pairs.filter(({ probe, reference }) => probe.subject === reference.subject)
  const others = pairs.filter(({ probe, reference }) => probe.subject !== '' && probe.subject !== reference.subject)
  const strangers = pairs.filter(({ probe }) => probe.subject === '')
  const enrolled = probes.filter(({ subject }) => subject !== '')
  const first = enrolled.filter((probe) => {
    const best = pairs.filter((pair) => pair.probe === probe).reduce((a, b) => (b.score > a.score ? b : a))
    return best.reference.subject === probe.subject
  })
  console.log(`${name}: rank 1 ${first.length}/${enrolled.length}`)
  console.log(`  mated      ${summary(mated)}`)
  console.log(`  non-mated  ${summary(others)}`)
  console.log(`  strangers  ${summary(strangers)}`)
}

function summary(pairs: readonly { probe: Measured; reference: Measured; score: number }[]): string {
  const scores = pairs.map(({ score }) => score)
  const low = pairs.reduce((a, b) => (b.score < a.score ? b : a))
  const high = pairs.reduce((a, b) => (b.score > a.score ? b : a))
  const named = ({ probe, reference, score }: typeof low): string =>
    `${score.toFixed(3)} (${probe.image}, ${reference.image})`
  return `min ${named(low)}, median ${median(scores).toFixed(3)}, max ${named(high)}`
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle) - 1]!) / 2
}
