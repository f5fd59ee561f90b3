import type { TimingsMs } from '../../domain/analysis.js'
import type { ScoreCalibration } from '../../domain/calibration.js'
import { checkAlive, type CallContext } from '../../domain/context.js'
import { DomainError } from '../../domain/errors.js'
import type { MultiFacePolicy } from '../../domain/gallery.js'
import type { OperatingPoint } from '../../domain/models.js'
import type { FaceAnalyser } from '../../domain/ports.js'
import { dot } from '../../domain/template.js'
import { crossComparisons, type CrossComparisons, type PersonImage } from './cross-comparisons.js'
import type { Pair, PairList } from './pairs.js'
import { FMR_MAX, type NonMatedComparisons } from './reliability.js'
import { crossValidatedAccuracy, thresholdAtFmr, trueMatchRate } from './statistics.js'
import { measureVerification, type KnownComparison, type VerificationMeasures } from './verification-measures.js'

export interface VerificationEvaluation {
  readonly algorithm: string
  readonly modelIds: readonly string[]
  readonly matedCount: number
  readonly nonMatedCount: number
  readonly imageCount: number
  /** Images without a template; their pairs are decided "non-match". */
  readonly failuresToExtract: number
  readonly foldCount: number
  readonly foldsFromFile: boolean
  readonly accuracy: number
  readonly accuracyStandardError: number
  /** True match rate at the least threshold with FMR ≤ 1e-3 on the list's own non-mated pairs. */
  readonly tmrAtFmr1e3: number
  /** Thresholds on every comparison of two images of different folders (people), and the list's TMR there. */
  readonly crossComparisonCount: number
  readonly operatingPoints: readonly (OperatingPoint & { readonly tmr: number })[]
  /** Median milliseconds in each stage, over the images that were analysed now (and not taken from the cache). */
  readonly medianMs: TimingsMs
  readonly measures: VerificationMeasures
}

export interface VerificationInput {
  readonly list: PairList
  readonly analyser: FaceAnalyser
  readonly multiFace: MultiFacePolicy
  /** Reads an image by the name that the list gives it. @throws DomainError when it is missing */
  readonly readImage: (name: string) => Promise<Uint8Array>
  /** Gives the features of an image that was extracted before, else those that `extract` gives now. Without it all are extracted. */
  readonly remember?: (image: Uint8Array, extract: () => Promise<Float32Array | null>) => Promise<Float32Array | null>
  /** Of the space; null where it has none. */
  readonly calibration: ScoreCalibration | null
  /** Images in work at once. */
  readonly concurrency: number
  readonly onProgress: (doneCount: number, totalCount: number) => void
}

interface Extraction {
  readonly features: Float32Array | null
  readonly timingsMs: TimingsMs
}

/** Cross comparisons beyond this many are left out: 4 million take about 2 s. */
const CROSS_IMAGES_MAX = 2_900
const COSINES = [-1, 1] as const
/** Of the bootstrap: the same list gives the same intervals. */
const SEED = 1

/**
 * Compares every pair of a list and says how often the system decides right.
 * @throws DomainError INVALID_ARGUMENT when the list holds only one class; what `readImage` throws
 */
export async function evaluateVerification(
  input: VerificationInput,
  context: CallContext,
): Promise<VerificationEvaluation> {
  const { list, analyser, calibration } = input
  const classes = new Set(list.pairs.map((pair) => pair.mated))
  if (classes.size < 2)
    throw new DomainError('INVALID_ARGUMENT', 'mated and non-mated pairs', 'pairs of one class', { field: 'pairs' })

  const extractions = await extractAll(input, context)
  const featuresOf = (name: string) => extractions.get(name)?.features ?? null
  const scores = list.pairs.map(({ probe, reference, mated, fold }) => {
    const [a, b] = [featuresOf(probe), featuresOf(reference)]
    return { mated, fold, score: a && b ? dot(a, b) : -Infinity }
  })
  const mated = scores.filter((score) => score.mated).map(({ score }) => score)
  const nonMated = scores.filter((score) => !score.mated).map(({ score }) => score)
  const { accuracy, standardError } = crossValidatedAccuracy(scores, list.foldCount)
  const numbers = numbersOf(list.pairs)
  const cross = crossComparisons(crossImages(extractions, numbers))
  return {
    algorithm: analyser.algorithm.algorithm,
    modelIds: analyser.algorithm.modelIds,
    matedCount: mated.length,
    nonMatedCount: nonMated.length,
    imageCount: extractions.size,
    failuresToExtract: [...extractions.values()].filter(({ features }) => features === null).length,
    foldCount: list.foldCount,
    foldsFromFile: list.foldsFromFile,
    accuracy,
    accuracyStandardError: standardError,
    tmrAtFmr1e3: trueMatchRate(
      mated,
      thresholdAtFmr(
        nonMated.toSorted((a, b) => b - a),
        1e-3,
      ),
    ),
    crossComparisonCount: cross.scores.length,
    operatingPoints: operatingPoints(cross.scores, mated),
    measures: measureVerification(knownComparisons(list.pairs, scores, numbers), {
      scoreRange: COSINES,
      seed: SEED,
      calibration,
      nonMated: widerNonMated(cross, calibration),
    }),
    medianMs: medians([...extractions.values()].map(({ timingsMs }) => timingsMs)),
  }
}

async function extractAll(input: VerificationInput, context: CallContext): Promise<ReadonlyMap<string, Extraction>> {
  const names = [...new Set(input.list.pairs.flatMap(({ probe, reference }) => [probe, reference]))]
  const extractions = new Map<string, Extraction>()
  let next = 0
  const work = async () => {
    for (let name = names[next++]; name !== undefined; name = names[next++]) {
      checkAlive(context)
      extractions.set(name, await extract(name, input, context))
      input.onProgress(extractions.size, names.length)
    }
  }
  const workToTheEnd = () =>
    work().catch((error: unknown) => {
      next = names.length // the others stop too
      throw error
    })
  await Promise.all(Array.from({ length: input.concurrency }, workToTheEnd))
  return extractions
}

async function extract(name: string, input: VerificationInput, context: CallContext): Promise<Extraction> {
  const image = await input.readImage(name)
  const request = { image, multiFace: input.multiFace, minimumQuality: 0, purpose: 'template' } as const
  let timingsMs: TimingsMs = {}
  const analyse = async () => {
    const analysis = await input.analyser.analyse(request, context)
    timingsMs = analysis.timingsMs
    return analysis.outcome === 'extracted' ? (analysis.extracted[0]?.template.features ?? null) : null
  }
  const features = await (input.remember?.(image, analyse) ?? analyse())
  return { features, timingsMs }
}

/** A person is a folder, and where there are no folders each image its own. */
function personOf(name: string): string {
  return folderOf(name) || name
}

function numbersOf(pairs: readonly Pair[]): ReadonlyMap<string, number> {
  const people = new Set(pairs.flatMap(({ probe, reference }) => [personOf(probe), personOf(reference)]))
  return new Map([...people].map((person, number) => [person, number]))
}

function knownComparisons(
  pairs: readonly Pair[],
  scores: readonly { readonly score: number }[],
  numbers: ReadonlyMap<string, number>,
): readonly KnownComparison[] {
  return pairs.map(({ probe, reference, mated, groups }, i) => ({
    score: scores[i]!.score,
    mated,
    probePerson: numbers.get(personOf(probe))!,
    referencePerson: numbers.get(personOf(reference))!,
    group: groups !== null && groups[0] === groups[1] ? groups[0] : null,
  }))
}

function folderOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('/')))
}

/** Images that are compared across; without folders nobody knows who is who. */
function crossImages(
  extractions: ReadonlyMap<string, Extraction>,
  numbers: ReadonlyMap<string, number>,
): readonly PersonImage[] {
  return [...extractions]
    .flatMap(([name, { features }]) => (features === null || folderOf(name) === '' ? [] : [{ name, features }]))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .slice(0, CROSS_IMAGES_MAX)
    .map(({ name, features }) => ({ person: numbers.get(personOf(name))!, features }))
}

/** The comparisons that a calibration is held against; null where the list’s own must do. */
function widerNonMated(cross: CrossComparisons, calibration: ScoreCalibration | null): NonMatedComparisons | null {
  if (calibration === null || cross.scores.length === 0) return null
  return cross.from(calibration.scoreAtFmr(FMR_MAX))
}

/** Only rates that at least ten comparisons support are stated. */
function operatingPoints(cross: Float64Array, mated: readonly number[]) {
  return [1e-2, 1e-3, 1e-4, 1e-5]
    .filter((fmr) => cross.length * fmr >= 10)
    .map((fmr) => {
      const score = thresholdAtFmr(cross, fmr)
      return { fmr, score, tmr: trueMatchRate(mated, score) }
    })
}

function medians(timings: readonly TimingsMs[]): TimingsMs {
  const stages = ['decode', 'detect', 'align', 'assess', 'extract'] as const
  return Object.fromEntries(
    stages.flatMap((stage) => {
      const sorted = timings.flatMap((timing) => timing[stage] ?? []).toSorted((a, b) => a - b)
      return sorted.length === 0 ? [] : [[stage, sorted[Math.floor(sorted.length / 2)]!]]
    }),
  )
}
