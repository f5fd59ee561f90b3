import { setImmediate } from 'node:timers/promises'
import type { TimingsMs } from '../domain/analysis.js'
import type { Calibrations } from '../domain/calibration.js'
import { checkAlive, type CallContext } from '../domain/context.js'
import type { DetectedFace } from '../domain/face.js'
import type { FingerAnalyser } from '../domain/finger-analysis.js'
import { areComparable, type FingerPosition, type NormalisedMinutiae } from '../domain/finger.js'
import type { ScoreFusion } from '../domain/fusion.js'
import { DEFAULT_POLICY } from '../domain/gallery.js'
import type { PartScore, ProbePart, VerificationResult } from '../domain/identification.js'
import type { Analysers, Store } from '../domain/ports.js'
import { compare, type FaceTemplate } from '../domain/template.js'
import type { VerifyCommand } from './commands.js'
import { analyseProbe, checkProbe, fingersOf, probeReasons, type ProbeSamples } from './probe.js'
import { faceScale, fingerScale, type PartScale } from './part-scale.js'
import { faceSpace, fusedSpace } from './score-space.js'
import { comparisonThreshold } from './threshold.js'

/** One side of a 1:1 comparison. */
interface Side {
  /** Empty when the side yields no usable face. */
  readonly faces: readonly { readonly template: FaceTemplate; readonly encounterId: string }[]
  readonly fingers: readonly Impression[]
  /** Why samples could not be used. */
  readonly reasons: readonly string[]
  readonly face: DetectedFace | null
  readonly timingsMs: TimingsMs
}

interface Impression {
  readonly position: FingerPosition
  readonly minutiae: NormalisedMinutiae
  readonly encounterId: string
}

/** What a comparison works with. */
export interface VerificationTools {
  readonly store: Store
  readonly analysers: Analysers
  readonly fusion: ScoreFusion
  readonly calibrations: Calibrations
}

/** 1:1, see `IdentificationService.verify`. */
export async function verify(
  tools: VerificationTools,
  command: VerifyCommand,
  context: CallContext,
): Promise<VerificationResult> {
  const [face, finger] = [tools.analysers.face.algorithm, tools.analysers.finger.algorithm]
  const { probe: samples, reference: other, thresholdScore } = command
  checkProbe(samples, 'probe', 'fingers')
  if (!('subjectId' in other)) checkProbe(other, 'reference', 'reference_fingers')
  const isFused = samples.fingers.length > 0
  const space = isFused
    ? fusedSpace({ ...tools, face, finger }, partsOf(samples))
    : faceSpace(face, tools.calibrations.face)
  const threshold = comparisonThreshold(space, thresholdScore)
  const reference = // first: a wrong subject id costs nothing
    'subjectId' in other ? await subjectSide(tools, other.subjectId) : await samplesSide(tools, other, context)
  checkAlive(context)
  const probe = await samplesSide(tools, samples, context)

  const scores = await partScores(tools, probe, reference, context)
  const best = scores.reduce<PartScore | null>((a, b) => (a === null || b.negLog10Fmr > a.negLog10Fmr ? b : a), null)
  const score = best === null ? null : isFused ? tools.fusion.fuse(scores.map((part) => part.negLog10Fmr)) : best.score
  return {
    decision: score === null ? 'undetermined' : score >= threshold.score ? 'match' : 'non-match',
    reasons: [...probe.reasons.map((reason) => `Probe: ${reason}`), ...referenceReasons(reference, scores)],
    score,
    threshold,
    probeFace: probe.face,
    referenceFace: reference.face,
    bestEncounterId: best === null || best.bestEncounterId === '' ? null : best.bestEncounterId,
    algorithm: samples.image === null ? finger.algorithm : face.algorithm,
    timingsMs: addTimings(probe.timingsMs, reference.timingsMs),
    scores: isFused ? scores : [],
  }
}

function partsOf({ image, fingers }: ProbeSamples): readonly ProbePart[] {
  return [...(image === null ? [] : ['face' as const]), ...fingers.map(() => 'unknown' as const)]
}

function referenceReasons(reference: Side, scores: readonly PartScore[]): readonly string[] {
  const reasons = reference.reasons.map((reason) => `Reference: ${reason}`)
  const hasAny = reference.faces.length + reference.fingers.length > 0
  if (scores.length > 0 || !hasAny) return reasons
  return [...reasons, 'The two sides have no usable part in common.']
}

async function subjectSide({ store, analysers }: VerificationTools, subjectId: string): Promise<Side> {
  const { face, finger } = analysers
  await store.getSubject(subjectId)
  const { algorithm } = face.algorithm
  const faces = await store.referencesOf(subjectId, algorithm)
  const fingers = await store.fingersOf(subjectId, finger.algorithm.algorithm)
  return {
    faces: faces.map(({ features, encounterId }) => ({ template: { algorithm, features }, encounterId })),
    fingers: fingers.map(({ record, encounterId }) => ({ ...finger.read(record), encounterId })),
    reasons: faces.length + fingers.length === 0 ? ['The subject has no active reference that can be compared.'] : [],
    face: null,
    timingsMs: {},
  }
}

async function samplesSide({ analysers }: VerificationTools, samples: ProbeSamples, context: CallContext) {
  const probe = await analyseProbe(analysers, samples, DEFAULT_POLICY, context)
  const extracted = probe.face?.outcome === 'extracted' ? probe.face.extracted[0] : undefined
  return {
    faces: extracted === undefined ? [] : [{ template: extracted.template, encounterId: '' }],
    fingers: fingersOf(probe).flatMap(({ position, impressions }) =>
      impressions.map((minutiae) => ({ position, minutiae, encounterId: '' })),
    ),
    reasons: probeReasons(probe),
    face: extracted === undefined ? null : (probe.face?.faces[extracted.faceIndex]?.face ?? null),
    timingsMs: probe.face?.timingsMs ?? {},
  }
}

/** The best comparison of each part that both sides have. */
async function partScores(
  { analysers, fusion, calibrations }: VerificationTools,
  probe: Side,
  reference: Side,
  context: CallContext,
): Promise<readonly PartScore[]> {
  const faces = faceScale(analysers.face.algorithm, calibrations.face, fusion)
  const fingers = fingerScale(calibrations.finger)
  const best = new Map<string, PartScore>()
  const offer = (score: PartScore) => {
    const before = best.get(score.part)
    if (before === undefined || score.score > before.score) best.set(score.part, score)
  }
  for (const { template } of probe.faces)
    for (const { template: other, encounterId: bestEncounterId } of reference.faces)
      offer(partScore('face', compare(template, other), bestEncounterId, faces))
  for (const finger of probe.fingers)
    for (const score of await fingerScores(analysers.finger, finger, reference.fingers, context))
      offer(partScore(finger.position, score.score, score.bestEncounterId, fingers))
  return [...best.values()]
}

function partScore(part: ProbePart, score: number, bestEncounterId: string, scale: PartScale): PartScore {
  return { part, score, negLog10Fmr: scale.negLog10Fmr(score), llr: scale.llr(score), bestEncounterId }
}

/** A comparison takes a few milliseconds with its preparation: other calls get their turn between two. */
async function fingerScores(
  analyser: FingerAnalyser,
  { position, minutiae }: Impression,
  references: readonly Impression[],
  context: CallContext,
): Promise<readonly Pick<PartScore, 'score' | 'bestEncounterId'>[]> {
  const scores: Pick<PartScore, 'score' | 'bestEncounterId'>[] = []
  for (const reference of references.filter((other) => areComparable(position, other.position))) {
    checkAlive(context)
    const score = analyser.compare(minutiae, reference.minutiae)
    scores.push({ score, bestEncounterId: reference.encounterId })
    await setImmediate()
  }
  return scores
}

/** Time of each stage over both sides. */
function addTimings(a: TimingsMs, b: TimingsMs): TimingsMs {
  const sum: Partial<Record<keyof TimingsMs, number>> = { ...a }
  for (const [stage, ms] of Object.entries(b) as [keyof TimingsMs, number][]) sum[stage] = (sum[stage] ?? 0) + ms
  return sum
}
