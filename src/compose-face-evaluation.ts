import type { FileTemplateCache } from './adapters/template-cache/file-template-cache.js'
import { openFacePool, readInstallation } from './compose-service.js'
import type { Config } from './config.js'
import type { ScoreCalibration } from './domain/calibration.js'
import { backgroundContext, type CallContext } from './domain/context.js'
import { DomainError } from './domain/errors.js'
import type { FaceAlgorithm } from './domain/models.js'
import type { FaceAnalyser } from './domain/ports.js'
import { dot } from './domain/template.js'
import { cosineDistractors } from './engines/simulation/distractor-source.js'
import { findCalibration } from './read-calibration.js'
import type { EvaluationSpace } from './services/evaluation/open-set-searches.js'
import { parsePairs } from './services/evaluation/pairs.js'
import type { Report } from './services/evaluation/report/report.js'
import { verificationReport } from './services/evaluation/report/verification-report.js'
import { counted, percent } from './services/evaluation/report/words.js'
import { evaluateVerification, type VerificationEvaluation } from './services/evaluation/verification.js'

/** What an evaluation of a folder runs on. */
export interface SpaceParts {
  readonly root: string
  readonly config: Config
  /** Reads a sample by the name that the folder gives it. */
  readonly read: (name: string) => Promise<Uint8Array>
  readonly templates: FileTemplateCache
}

/** What is done with a space, and with what is known of its scores; null where it has no calibration. */
export type SpaceWork<Features, Result> = (
  space: EvaluationSpace<Features>,
  calibration: ScoreCalibration | null,
) => Promise<Result>

/** LFW's lists and most folders of people name the person in the middle. */
const MULTI_FACE = 'most-central'
/** 256 to 512 features each: about 10 million a second. */
const COMPARISONS_MAX = 2_000_000_000

/** The installed face pipeline as a space of an evaluation; closed when the work ends. */
export async function withFaceSpace<Result>(
  { root, config, read, templates }: SpaceParts,
  work: SpaceWork<Float32Array, Result>,
): Promise<Result> {
  return withAnalyser(root, config, (analyser, calibration) => {
    const space = {
      algorithm: analyser.algorithm.algorithm,
      scoreRange: [-1, 1] as const,
      comparisonsMax: COMPARISONS_MAX,
      compare: dot,
      distractors: cosineDistractors,
      extract: async (name: string, context: CallContext) => {
        const image = await read(name)
        return remembered(templates, analyser.algorithm, image, () => featuresOf(analyser, image, context))
      },
    }
    return work(space, calibration)
  })
}

/** `portcullis evaluate verification`: labelled pairs of images. */
export async function verifyFaces({
  root,
  config,
  list,
  readImage,
  templates,
  onProgress,
}: {
  readonly root: string
  readonly config: Config
  /** The text of the list of pairs. */
  readonly list: string
  readonly readImage: (name: string) => Promise<Uint8Array>
  readonly templates: FileTemplateCache
  readonly onProgress: (doneCount: number, totalCount: number) => void
}): Promise<{ readonly report: Report; readonly evaluation: VerificationEvaluation }> {
  const pairs = parsePairs(list)
  return withAnalyser(root, config, async (analyser, calibration) => {
    const input = {
      list: pairs,
      analyser,
      multiFace: MULTI_FACE,
      readImage,
      remember: (image: Uint8Array, extract: () => Promise<Float32Array | null>) =>
        remembered(templates, analyser.algorithm, image, extract),
      calibration,
      concurrency: config.workerCount + 1,
      onProgress,
    } as const
    const evaluation = await evaluateVerification(input, backgroundContext('evaluate'))
    return { report: reportOf(evaluation), evaluation }
  })
}

async function withAnalyser<Result>(
  root: string,
  config: Config,
  work: (analyser: FaceAnalyser, calibration: ScoreCalibration | null) => Promise<Result>,
): Promise<Result> {
  const { models } = await readInstallation(root, config)
  const { calibration } = await findCalibration(root, models.algorithm.algorithm, models.space.calibration)
  const analyser = await openFacePool(models, config)
  try {
    return await work(analyser, calibration)
  } finally {
    await analyser.close()
  }
}

/** The cache holds float32 values in this machine's byte order: it is no format of exchange. */
async function remembered(
  templates: FileTemplateCache,
  { algorithm, modelIds }: FaceAlgorithm,
  image: Uint8Array,
  extract: () => Promise<Float32Array | null>,
): Promise<Float32Array | null> {
  // All models: another detector's landmarks move the features of the same space.
  const bytes = await templates.template(`face ${algorithm} ${modelIds.join(' ')} ${MULTI_FACE}`, image, async () => {
    const features = await extract()
    return features === null ? null : new Uint8Array(features.slice().buffer)
  })
  return bytes === null ? null : new Float32Array(Uint8Array.from(bytes).buffer)
}

/** Null for an image without a usable face, and for a file that is none. */
async function featuresOf(
  analyser: FaceAnalyser,
  image: Uint8Array,
  context: CallContext,
): Promise<Float32Array | null> {
  const request = { image, multiFace: MULTI_FACE, minimumQuality: 0, purpose: 'template' } as const
  const analysis = await orUnreadable(() => analyser.analyse(request, context))
  return analysis?.outcome === 'extracted' ? (analysis.extracted[0]?.template.features ?? null) : null
}

/** Null where the sample itself is at fault: that is a failure to extract. Faults of the machine go on flying. */
export async function orUnreadable<Value>(work: () => Promise<Value>): Promise<Value | null> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof DomainError && UNREADABLE.has(error.code)) return null
    throw error
  }
}

const UNREADABLE: ReadonlySet<string> = new Set([
  'PARSE_ERROR',
  'FORMAT_UNSUPPORTED',
  'LIMIT_EXCEEDED',
  'INVALID_ARGUMENT',
])

function reportOf(evaluation: VerificationEvaluation): Report {
  const { matedCount, nonMatedCount, imageCount, failuresToExtract, foldCount, foldsFromFile } = evaluation
  const folds = foldsFromFile ? `${foldCount} folds of the file` : `${foldCount}-fold cross-validation`
  const timings = Object.entries(evaluation.medianMs).map(([stage, ms]) => `${stage} ${ms.toFixed(1)}`)
  return verificationReport({
    title: `Verification with ${evaluation.algorithm}`,
    matedCount,
    nonMatedCount,
    measures: evaluation.measures,
    rows: [
      ['pairs', `${counted(matedCount)} mated, ${counted(nonMatedCount)} non-mated, ${counted(imageCount)} images`],
      [
        'accuracy',
        `${percent(evaluation.accuracy)} ± ${percent(evaluation.accuracyStandardError)} (standard error, ${folds})`,
      ],
      ['TMR at FMR 1e-3', `${percent(evaluation.tmrAtFmr1e3)} (threshold on the list's own non-mated pairs)`],
      ['failures to extract', `${failuresToExtract} images; their pairs count as non-match`],
      ['comparisons of different people', counted(evaluation.crossComparisonCount)],
      ...evaluation.operatingPoints.map(
        ({ fmr, score, tmr }) => [`FMR ${fmr}`, `score ${score.toFixed(4)}, TMR ${percent(tmr)}`] as const,
      ),
      ['median ms an image', timings.length === 0 ? 'all images came from the cache' : timings.join(', ')],
    ],
    caveats: [
      'Verification figures of a small, easy set say nothing about 1:N search of a watchlist.',
      'An operating point is measured on these people only; below ten comparisons none is stated.',
    ],
  })
}
