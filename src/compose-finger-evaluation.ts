import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { orUnreadable, type SpaceParts } from './compose-face-evaluation.js'
import { openFingers, readFingerMatcher } from './compose-finger.js'
import { backgroundContext } from './domain/context.js'
import { DomainError } from './domain/errors.js'
import type { FingerInput } from './domain/finger-analysis.js'
import { FingerComparer } from './engines/finger/comparer.js'
import { prepareFinger, type FingerFeatures } from './engines/finger/features.js'
import { readFingerRecord } from './engines/finger/formats/read.js'
import { normaliseView } from './engines/finger/normalise.js'
import { findCalibration } from './read-calibration.js'
import {
  evaluateFingerVerification,
  type FingerVerificationEvaluation,
} from './services/evaluation/finger-verification.js'
import type { EvaluationSpace } from './services/evaluation/open-set-searches.js'
import type { Report } from './services/evaluation/report/report.js'
import { verificationReport } from './services/evaluation/report/verification-report.js'
import { percent } from './services/evaluation/report/words.js'
import { sniffFingerImage } from './services/extractor/sniff-finger-image.js'

/** A pair takes 0.1 to 1 ms. */
const COMPARISONS_MAX = 1_000_000

/**
 * The shipped matcher and the configured extractor as a space of an evaluation; closed when the work ends. Samples are read as the
 * service reads them, so that what it would refuse counts as a failure to extract.
 */
export async function withFingerSpace<Result>(
  { root, config, read, templates }: SpaceParts,
  work: (space: EvaluationSpace<FingerFeatures>) => Promise<Result>,
): Promise<Result> {
  const { model, algorithm } = await readFingerMatcher(root)
  const comparer = new FingerComparer(model)
  const { analyser, extractor } = await openFingers(root, config)
  const context = backgroundContext('evaluate')
  const extract = async (bytes: Uint8Array) => {
    const analysis = await orUnreadable(() => analyser.analyse(inputOf(bytes), 0, context))
    return analysis?.outcome === 'extracted' ? (analysis.fingers[0]?.record ?? null) : null
  }
  try {
    let extractorSpace: Promise<string> | null = null // asked for when the first image comes: records need no extractor
    const spaceOf = async (bytes: Uint8Array): Promise<string> => {
      if (sniffFingerImage(bytes) === null) return 'finger record'
      extractorSpace ??= extractor.describe(context).then(({ id, version }) => `finger ${id}@${version}`)
      return extractorSpace
    }
    return await work({
      algorithm: algorithm.algorithm,
      scoreRange: [0, 10], // −log10 of a false match rate; the few above fall into the last bin
      comparisonsMax: COMPARISONS_MAX,
      compare: comparer.compare.bind(comparer),
      distractors: null,
      extract: async (name) => {
        const bytes = await read(name)
        const record = await templates.template(await spaceOf(bytes), bytes, () => extract(bytes))
        return record === null ? null : prepareFinger(analyser.read(record).minutiae, model)
      },
    })
  } finally {
    await extractor.close()
  }
}

function inputOf(bytes: Uint8Array): FingerInput {
  const format = sniffFingerImage(bytes)
  if (format === null) return { kind: 'record', bytes, options: { mode: 'lenient' }, position: 'unknown' }
  const unknown = { widthPx: null, heightPx: null, resolutionDpi: null, position: 'unknown', impression: 0 } as const
  return { kind: 'image', image: { format, bytes, ...unknown } }
}

/** `portcullis evaluate verification --modality finger`: the shipped matcher on a folder of templates. */
export async function verifyFingers(
  packageRoot: string,
  folder: string,
  onProgress: (doneCount: number, totalCount: number) => void,
): Promise<{ readonly report: Report; readonly evaluation: FingerVerificationEvaluation }> {
  const evaluation = await evaluateFingerFolder(packageRoot, folder, onProgress)
  return { report: reportOf(evaluation), evaluation }
}

/** @throws DomainError INVALID_ARGUMENT on "folder" when it cannot be read or holds too little */
export async function evaluateFingerFolder(
  packageRoot: string,
  folder: string,
  onProgress: (doneCount: number, totalCount: number) => void,
): Promise<FingerVerificationEvaluation> {
  const { model, algorithm } = await readFingerMatcher(packageRoot)
  const comparer = new FingerComparer(model)
  const input = {
    algorithm: algorithm.algorithm,
    names: await namesIn(folder),
    readFile: (name: string) => readFile(join(folder, name)),
    prepare: (bytes: Uint8Array) =>
      prepareFinger(normaliseView(readFingerRecord(bytes, { mode: 'lenient' }).views[0]!), model),
    compare: comparer.compare.bind(comparer),
    calibration: (await findCalibration(packageRoot, algorithm.algorithm)).calibration,
    onProgress,
  }
  return evaluateFingerVerification(input, backgroundContext('evaluate'))
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new DomainError('INVALID_ARGUMENT', 'a readable folder', 'one that cannot be read', {
      field: 'folder',
      cause,
    })
  })
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name)
}

function reportOf(evaluation: FingerVerificationEvaluation): Report {
  const { fingerCount, impressionCount, matedCount, nonMatedCount, failuresToRead } = evaluation
  return verificationReport({
    title: `Verification with ${evaluation.algorithm}`,
    matedCount,
    nonMatedCount,
    measures: evaluation.measures,
    rows: [
      ['impressions', `${impressionCount} of ${fingerCount} fingers`],
      ['comparisons', `${matedCount} mated, ${nonMatedCount} non-mated`],
      ['failures to read', `${failuresToRead} templates; their pairs count as non-match`],
      ['EER', percent(evaluation.eer)],
      ['FNMR at FMR 1e-2 (FMR100)', percent(evaluation.fmr100)],
      ['FNMR at FMR 1e-3 (FMR1000)', percent(evaluation.fmr1000)],
      ...evaluation.claims.map(
        ({ score, fmr, tmr }) => [`score ≥ ${score}`, `FMR ${percent(fmr)}, TMR ${percent(tmr)}`] as const,
      ),
    ],
    caveats: [
      'All impressions of a finger stand against all of another: pairs of one pair of fingers are alike, and rates of few fingers vary.',
      'A score claims −log10(FMR); how well that holds for your extractor and sensor, the last rows say.',
    ],
  })
}
