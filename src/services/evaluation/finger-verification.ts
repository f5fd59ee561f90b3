import type { ScoreCalibration } from '../../domain/calibration.js'
import { checkAlive, type CallContext } from '../../domain/context.js'
import { DomainError } from '../../domain/errors.js'
import { equalErrorRate, thresholdAtFmr, trueMatchRate } from './statistics.js'
import { measureVerification, type KnownComparison, type VerificationMeasures } from './verification-measures.js'

/** Rates are shares, 0 to 1. */
export interface FingerVerificationEvaluation {
  readonly algorithm: string
  readonly fingerCount: number
  readonly impressionCount: number
  /** Templates that could not be read; their pairs count as "non-match". */
  readonly failuresToRead: number
  readonly matedCount: number
  readonly nonMatedCount: number
  /** Where false match rate and false non-match rate are equal. */
  readonly eer: number
  /** False non-match rate at the least threshold whose false match rate is at most 1 in 100, and 1 in 1,000. */
  readonly fmr100: number
  readonly fmr1000: number
  /** Share of these non-mated pairs that reach a score, by what the score claims: −log10 of that share. */
  readonly claims: readonly { readonly score: number; readonly fmr: number; readonly tmr: number }[]
  readonly measures: VerificationMeasures
}

export interface FingerVerificationInput<Features> {
  readonly algorithm: string
  /** Names of files; those of the form <finger>_<impression>.<ending> are impressions. */
  readonly names: readonly string[]
  readonly readFile: (name: string) => Promise<Uint8Array>
  /** @throws DomainError when the bytes are no template */
  readonly prepare: (bytes: Uint8Array) => Features
  /** Symmetric; greater is more alike. */
  readonly compare: (probe: Features, reference: Features) => number
  /** Of the matcher; null where it has none. */
  readonly calibration: ScoreCalibration | null
  /** In comparisons. */
  readonly onProgress: (doneCount: number, totalCount: number) => void
}

/** FVC's databases hold 880 impressions (FVC2002, Maio et al., ICPR 2002); 2,000 are 2 million comparisons, 7 minutes. */
const IMPRESSIONS_MAX = 2000
/** Of −log10 of a false match rate; the few scores above fall into the last bin. */
const SCORES = [0, 10] as const
/** Of the bootstrap: the same folder gives the same intervals. */
const SEED = 1
const NAME = /^(?<finger>[^/\\]+)_\d+\.[^./\\]+$/

interface Impression<Features> {
  readonly finger: string
  /** Null where it could not be read. */
  readonly features: Features | null
}

/**
 * Compares every two impressions of a folder once (FVC's protocol, with all impressions of each finger in the non-mated pairs).
 * @throws DomainError INVALID_ARGUMENT when there are no mated or no non-mated pairs; LIMIT_EXCEEDED
 */
export async function evaluateFingerVerification<Features>(
  input: FingerVerificationInput<Features>,
  context: CallContext,
): Promise<FingerVerificationEvaluation> {
  const impressions = await readAll(input, context)
  const comparisons = await compareAll(impressions, input, context)
  const scoresOf = (kind: boolean) => comparisons.filter(({ mated }) => mated === kind).map(({ score }) => score)
  const [mated, nonMated] = [scoresOf(true), scoresOf(false)]
  const descending = nonMated.toSorted((a, b) => b - a)
  const fnmrAt = (fmr: number) => 1 - trueMatchRate(mated, thresholdAtFmr(descending, fmr))
  return {
    algorithm: input.algorithm,
    fingerCount: new Set(impressions.map(({ finger }) => finger)).size,
    impressionCount: impressions.length,
    failuresToRead: impressions.filter(({ features }) => features === null).length,
    matedCount: mated.length,
    nonMatedCount: nonMated.length,
    eer: equalErrorRate(mated, nonMated),
    fmr100: fnmrAt(1e-2),
    fmr1000: fnmrAt(1e-3),
    claims: [1, 1.5, 2, 3, 4].map((score) => ({
      score,
      fmr: trueMatchRate(nonMated, score),
      tmr: trueMatchRate(mated, score),
    })),
    measures: measureVerification(comparisons, {
      scoreRange: SCORES,
      seed: SEED,
      calibration: input.calibration,
      nonMated: null,
    }),
  }
}

async function readAll<Features>(
  { names, readFile, prepare }: FingerVerificationInput<Features>,
  context: CallContext,
): Promise<readonly Impression<Features>[]> {
  const named = names.toSorted().flatMap((name) => {
    const finger = NAME.exec(name)?.groups?.finger
    return finger === undefined ? [] : [{ name, finger }]
  })
  if (named.length > IMPRESSIONS_MAX)
    throw new DomainError('LIMIT_EXCEEDED', `at most ${IMPRESSIONS_MAX} impressions`, `${named.length}`)
  const fingerCount = new Set(named.map(({ finger }) => finger)).size
  if (fingerCount < 2 || named.length === fingerCount)
    throw new DomainError(
      'INVALID_ARGUMENT',
      'files <finger>_<impression>.<ending> of two fingers or more, two impressions of some',
      `${named.length} such files of ${fingerCount} fingers among ${names.length} files`,
      { field: 'folder' },
    )
  const impressions: Impression<Features>[] = []
  for (const { name, finger } of named) {
    checkAlive(context)
    impressions.push({ finger, features: prepared(await readFile(name), prepare) })
  }
  return impressions
}

function prepared<Features>(bytes: Uint8Array, prepare: (bytes: Uint8Array) => Features): Features | null {
  try {
    return prepare(bytes)
  } catch (error) {
    if (error instanceof DomainError) return null
    throw error
  }
}

async function compareAll<Features>(
  impressions: readonly Impression<Features>[],
  { compare, onProgress }: FingerVerificationInput<Features>,
  context: CallContext,
): Promise<readonly KnownComparison[]> {
  const comparisons: KnownComparison[] = []
  const fingers = [...new Set(impressions.map(({ finger }) => finger))]
  const numbers = new Map(fingers.map((finger, number) => [finger, number]))
  const totalCount = (impressions.length * (impressions.length - 1)) / 2
  for (const [i, a] of impressions.entries()) {
    checkAlive(context)
    for (const b of impressions.slice(i + 1))
      comparisons.push({
        score: a.features === null || b.features === null ? -Infinity : compare(a.features, b.features),
        mated: a.finger === b.finger,
        probePerson: numbers.get(a.finger)!,
        referencePerson: numbers.get(b.finger)!,
        group: null,
      })
    onProgress(comparisons.length, totalCount)
    await new Promise((resolve) => setImmediate(resolve)) // so that the bar is drawn and an abort is heard
  }
  return comparisons
}
