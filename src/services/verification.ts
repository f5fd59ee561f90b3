import type { FaceAnalysis, TimingsMs } from '../domain/analysis.js'
import { checkAlive, type CallContext } from '../domain/context.js'
import { DEFAULT_POLICY } from '../domain/gallery.js'
import type { DetectedFace } from '../domain/face.js'
import type { VerificationResult } from '../domain/identification.js'
import type { FaceAnalyser, Store } from '../domain/ports.js'
import { compare, type FaceTemplate } from '../domain/template.js'
import type { VerifyCommand } from './commands.js'
import { checkImageBytes } from './requests.js'
import { thresholdFor } from './threshold.js'

/** One side of a 1:1 comparison. */
interface Side {
  /** Empty when the side yields no usable face; `reasons` then say why. */
  readonly templates: readonly { readonly template: FaceTemplate; readonly encounterId: string | null }[]
  readonly reasons: readonly string[]
  readonly face: DetectedFace | null
  readonly timingsMs: TimingsMs
}

/** 1:1, see `IdentificationService.verify`. */
export async function verify(
  store: Store,
  analyser: FaceAnalyser,
  command: VerifyCommand,
  context: CallContext,
): Promise<VerificationResult> {
  const threshold = thresholdFor(analyser.algorithm, command.thresholdScore)
  checkImageBytes('probe', command.probe)
  const reference = await referenceSide(store, analyser, command, context) // first: a wrong subject id costs nothing
  checkAlive(context)
  const probe = await imageSide(analyser, command.probe, context)
  checkAlive(context)

  const best = bestComparison(probe, reference)
  return {
    decision: best === null ? 'undetermined' : best.score >= threshold.score ? 'match' : 'non-match',
    reasons: [
      ...probe.reasons.map((reason) => `Probe: ${reason}`),
      ...reference.reasons.map((reason) => `Reference: ${reason}`),
    ],
    score: best?.score ?? null,
    threshold,
    probeFace: probe.face,
    referenceFace: reference.face,
    bestEncounterId: best?.encounterId ?? null,
    algorithm: analyser.algorithm.algorithm,
    timingsMs: addTimings(probe.timingsMs, reference.timingsMs),
  }
}

async function referenceSide(
  store: Store,
  analyser: FaceAnalyser,
  command: VerifyCommand,
  context: CallContext,
): Promise<Side> {
  const { reference } = command
  if ('image' in reference) return imageSide(analyser, checkImageBytes('reference', reference.image), context)
  await store.getSubject(reference.subjectId)
  const { algorithm } = analyser.algorithm
  const stored = await store.referencesOf(reference.subjectId, algorithm)
  return {
    templates: stored.map(({ features, encounterId }) => ({ template: { algorithm, features }, encounterId })),
    reasons: stored.length === 0 ? ['The subject has no active reference that can be compared.'] : [],
    face: null,
    timingsMs: {},
  }
}

async function imageSide(analyser: FaceAnalyser, image: Uint8Array, context: CallContext): Promise<Side> {
  const { multiFace, minimumQuality } = DEFAULT_POLICY
  const analysis = await analyser.analyse({ image, multiFace, minimumQuality, purpose: 'template' }, context)
  const { timingsMs } = analysis
  const extracted = analysis.outcome === 'extracted' ? analysis.extracted[0] : undefined
  if (extracted === undefined) return { templates: [], reasons: refusalReasons(analysis), face: null, timingsMs }
  return {
    templates: [{ template: extracted.template, encounterId: null }],
    reasons: [],
    face: analysis.faces[extracted.faceIndex]?.face ?? null,
    timingsMs,
  }
}

function refusalReasons(analysis: FaceAnalysis): readonly string[] {
  return analysis.outcome === 'refused' ? analysis.refusal.reasons : []
}

function bestComparison(probe: Side, reference: Side): { score: number; encounterId: string | null } | null {
  const probeTemplate = probe.templates[0]?.template
  if (probeTemplate === undefined) return null
  let best: { score: number; encounterId: string | null } | null = null
  for (const { template, encounterId } of reference.templates) {
    const score = compare(probeTemplate, template)
    if (best === null || score > best.score) best = { score, encounterId }
  }
  return best
}

/** Time of each stage over both sides. */
function addTimings(a: TimingsMs, b: TimingsMs): TimingsMs {
  const sum: Partial<Record<keyof TimingsMs, number>> = { ...a }
  for (const [stage, ms] of Object.entries(b) as [keyof TimingsMs, number][]) sum[stage] = (sum[stage] ?? 0) + ms
  return sum
}
