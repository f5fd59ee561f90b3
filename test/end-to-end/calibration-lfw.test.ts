import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { openFacePool } from '../../src/compose-service.js'
import { readConfig } from '../../src/config.js'
import { backgroundContext } from '../../src/domain/context.js'
import { dot } from '../../src/domain/template.js'
import type { CalibrationContent } from '../../src/engines/calibration/content.js'
import { CalibrationCurve } from '../../src/engines/calibration/curve.js'
import { parseCalibration } from '../../src/engines/calibration/file.js'
import { extractSamples, faceFeatures } from '../../src/services/calibration/extract-samples.js'
import { filesOfPairs } from '../../src/services/calibration/samples.js'
import { parsePairs } from '../../src/services/evaluation/pairs.js'
import { draw, seededRandom } from '../../src/services/index-check/seeded.js'
import { shippedCommands } from '../support/commands.js'
import { instructionSets } from '../support/processor.js'
import { temporaryFolder } from '../support/service-bench.js'
import { describeWithData, modelsOf, PACKAGE_ROOT } from '../support/weights.js'

const NO_WEIGHTS = join(PACKAGE_ROOT, 'no-such-folder')
const SHIPPED = join(PACKAGE_ROOT, 'models', 'calibration')
const shippedFile = (space: string) => readFile(join(SHIPPED, `${space}.json`))

/** Of the machine that made the shipped files. */
const MADE_WITH = 'avx2 avx512_vnni avx512f avx_vnni'
/** How far figures may lie apart where sums were made in another order; of `fmr` as a share of itself. */
const SUMMED_OTHERWISE = { score: 2e-4, fmr: 0.02, fnmr: 0.02, llr: 0.1 }

// Goal: the shipped calibrations are what their commands make. Method: run the command that the file itself states. onnxruntime chooses its
// kernels by the processor, and their sums differ in the last digits: on another kind of processor the figures must lie
// close together.
describeWithData('The shipped calibrations', (dataFolder, weightsFolder) => {
  for (const space of ['ensemble', 'ensemble-mirror', 'retail-0095', 'mobilefacenet', 'own'])
    it(`regenerate byte for byte (${space})`, async function () {
      this.timeout(300_000)
      const shipped = await shippedFile(space)
      const { source, bootstrap, algorithm } = parseCalibration(shipped)
      expect(algorithm).to.equal(modelsOf(space).algorithm.algorithm)
      const out = join(temporaryFolder(), `${space}.json`)
      const weights = space === 'own' ? NO_WEIGHTS : weightsFolder // with the detector that a fresh clone has
      await shippedCommands(join(dataFolder, 'lfw-dev'), weights).calibrate(
        {
          modality: 'face',
          space,
          pairs: 'pairsDevTest.txt',
          images: 'images',
          description: source.data,
          date: source.date,
          seed: bootstrap.seed,
          out,
        },
        () => undefined,
      )
      const made = await readFile(out)
      if (instructionSets() === MADE_WITH) expect(made.toString()).to.equal(shipped.toString())
      else expectAlike(parseCalibration(made), parseCalibration(shipped))
    })
})

function expectAlike(made: CalibrationContent, shipped: CalibrationContent): void {
  expect(made.source).to.deep.equal(shipped.source)
  expect(made.knots.length).to.equal(shipped.knots.length)
  shipped.knots.forEach((knot, i) => {
    const { score, fmr, fnmr, llr } = made.knots[i]!
    expect(score).to.be.closeTo(knot.score, SUMMED_OTHERWISE.score)
    expect(fmr).to.be.closeTo(knot.fmr, SUMMED_OTHERWISE.fmr * knot.fmr)
    expect(fnmr).to.be.closeTo(knot.fnmr, SUMMED_OTHERWISE.fnmr)
    expect(llr).to.be.closeTo(knot.llr, SUMMED_OTHERWISE.llr)
  })
}

/** One image of each person, compared with everybody else's. */
interface HeldOut {
  readonly personCount: number
  /** [probe · personCount + reference], cosines; −1 with oneself. */
  readonly scores: Float32Array
}

// Goal: a caller who asks for a false positive identification rate gets it on people who had no part in the calibration.
// Method: the thresholds of the shipped calibration (people of pairsDevTest) on the people of pairsDevTrain, one image each: N of
// them are the gallery, all others are probes of nobody listed; the mean of 20 seeded galleries is what is measured.
describeWithData(
  'The stated false positive identification rate, on people never used to calibrate',
  (dataFolder, weightsFolder) => {
    const GALLERIES = 20
    let heldOut: HeldOut
    let curve: CalibrationCurve
    const rows: object[] = []

    before(async function () {
      this.timeout(300_000)
      curve = new CalibrationCurve(parseCalibration(await shippedFile('ensemble')))
      heldOut = await compareOnce(join(dataFolder, 'lfw-dev'), weightsFolder)
    })
    after(() => console.table(rows))

    it('is tested on 2,132 other people', () => {
      expect(heldOut.personCount).to.equal(2132)
    })

    for (const referenceCount of [300, 600, 1000])
      for (const fpir of [0.1, 0.03, 0.01])
        it(`holds the measured one: ${fpir} of ${referenceCount} references`, () => {
          const score = curve.scoreAtFpir(fpir, referenceCount)
          const { rate, lower95, upper95, isExtrapolated } = curve.fpirAt(score, referenceCount)
          const measured = measure(heldOut, score, referenceCount, GALLERIES)
          const mean = measured.reduce((sum, value) => sum + value, 0) / GALLERIES
          const galleriesWithin = measured.filter((value) => value >= lower95 && value <= upper95).length
          rows.push({ N: referenceCount, target: fpir, score: short(score), from: short(lower95), to: short(upper95), measured: short(mean), galleriesWithin }) // prettier-ignore
          expect(rate).to.be.closeTo(fpir, fpir * 1e-6)
          expect(isExtrapolated).to.equal(false)
          expect(mean).to.be.within(lower95, upper95)
        })
  },
)

function short(value: number): number {
  return Number(value.toPrecision(3))
}

/** Of each gallery, the share of probes that a reference reaches. */
function measure({ personCount, scores }: HeldOut, score: number, referenceCount: number, galleryCount: number) {
  const random = seededRandom(referenceCount)
  const everybody = Array.from({ length: personCount }, (_, i) => i)
  return Array.from({ length: galleryCount }, () => {
    const gallery = draw(everybody, referenceCount, random)
    const listed = new Set(gallery)
    const probes = everybody.filter((person) => !listed.has(person))
    const isReached = (probe: number) => gallery.some((reference) => scores[probe * personCount + reference]! >= score)
    return probes.filter(isReached).length / probes.length
  })
}

async function compareOnce(lfwFolder: string, weightsFolder: string): Promise<HeldOut> {
  const list = parsePairs(await readFile(join(lfwFolder, 'pairsDevTrain.txt'), 'utf8'))
  const seen = new Set<string>()
  const files = filesOfPairs(list).filter(({ person }) => !seen.has(person) && seen.add(person))
  const context = backgroundContext('held-out')
  const workers = String(availableParallelism())
  const config = readConfig({
    flags: { workers, models: weightsFolder },
    environment: {},
    currentFolder: PACKAGE_ROOT,
    packageRoot: PACKAGE_ROOT,
  })
  const analyser = await openFacePool(modelsOf('ensemble'), config)
  try {
    const { samples } = await extractSamples(
      {
        files,
        read: (name) => readFile(join(lfwFolder, 'images', name)),
        extract: faceFeatures(analyser, context),
        concurrency: config.workerCount + 1,
        onProgress: () => undefined,
      },
      context,
    )
    return { personCount: samples.length, scores: allScores(samples.map(({ features }) => features)) }
  } finally {
    await analyser.close()
  }
}

function allScores(features: readonly Float32Array[]): Float32Array {
  const count = features.length
  const scores = new Float32Array(count * count).fill(-1)
  features.forEach((a, i) => {
    for (let j = i + 1; j < count; j++) scores[i * count + j] = scores[j * count + i] = dot(a, features[j]!)
  })
  return scores
}
