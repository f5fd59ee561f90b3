import { QUALITY_ATTENTION } from '../domain/quality.js'
import type { FaceReport__Output } from '../generated/portcullis/v1/FaceReport.js'
import type { IdentificationOutcome__Output } from '../generated/portcullis/v1/IdentificationOutcome.js'
import type { IdentifyResponse__Output } from '../generated/portcullis/v1/IdentifyResponse.js'
import type { SearchEvidence__Output } from '../generated/portcullis/v1/SearchEvidence.js'
import type { StageTiming__Output } from '../generated/portcullis/v1/StageTiming.js'
import { auditText } from './audit-text.js'
import { partScores, printFingers, printParts } from './fingers/show-parts.js'
import { isFused, printThreshold, rateText, scoreText } from './show-threshold.js'
import type { Terminal } from './terminal.js'

/** What each outcome means to the person who reads it. */
const MEANINGS: Record<IdentificationOutcome__Output, string> = {
  IDENTIFICATION_OUTCOME_UNSPECIFIED: 'an outcome that this program does not know',
  NO_CANDIDATE: 'no candidate: every reference was covered and none reached the threshold',
  REFER_FOR_REVIEW: 'refer for review: an examiner has to compare the candidates with the probe',
  INCONCLUSIVE: 'INCONCLUSIVE: nobody was searched; capture again',
}

/** The answer of a search for people: outcome first, then candidates, then how it was reached. */
export function printIdentification(terminal: Terminal, response: IdentifyResponse__Output): void {
  terminal.line(`Outcome   ${MEANINGS[response.outcome]}`)
  for (const reason of response.reasons) terminal.line(`          ${reason}`)
  terminal.line(`Search    ${response.searchId}`)
  if (response.candidates.length > 0) printCandidates(terminal, response)
  response.faces.forEach((face, i) => printQuality(terminal, face, i))
  printFingers(terminal, response.fingers)
  printThreshold(terminal, response.threshold)
  if (response.evidence !== null) printEvidence(terminal, response.evidence)
  printTimings(terminal, response.timings)
  terminal.line(`Probe     ${response.probeRetained ? 'kept' : 'not kept'}`)
}

/**
 * What a score means stands beside it where a calibration says so: the false match rate of one comparison, and the decimal logarithm of
 * the likelihood ratio. The last column says which of several faces a candidate is like, or, with fingers, what each part says of it.
 */
function printCandidates(terminal: Terminal, { candidates, threshold }: IdentifyResponse__Output): void {
  const hasParts = isFused(threshold)
  const [hasFmr, hasLlr] = [
    candidates.some(({ fmrAtScore }) => fmrAtScore !== undefined),
    candidates.some(({ llr }) => llr !== undefined),
  ]
  terminal.table(
    [
      ...['rank', 'score', ...(hasFmr ? ['FMR'] : []), ...(hasLlr ? ['LLR'] : [])],
      ...['subject', 'external id', 'name', 'galleries', hasParts ? 'parts' : 'face'],
    ],
    candidates.map((candidate) => [
      String(candidate.rank),
      scoreText(candidate.score, threshold),
      ...(hasFmr ? [candidate.fmrAtScore === undefined ? '' : rateText(candidate.fmrAtScore)] : []),
      ...(hasLlr ? [candidate.llr === undefined ? '' : candidate.llr.toFixed(1)] : []),
      candidate.subjectId,
      candidate.externalId,
      candidate.displayName,
      candidate.galleryIds.join(', '),
      hasParts ? partScores(candidate.scores) : String(candidate.faceIndex),
    ]),
  )
}

function printQuality(terminal: Terminal, { quality }: FaceReport__Output, faceIndex: number): void {
  if (quality === null) {
    terminal.line(`Face ${faceIndex}    seen, not used`)
    return
  }
  terminal.line(`Face ${faceIndex}    quality ${quality.quality.toFixed(0)} of 100 (${quality.algorithm})`)
  for (const component of quality.components)
    if (component.quality < QUALITY_ATTENTION) terminal.line(`          ${component.sentence}`)
}

function printEvidence(terminal: Terminal, evidence: SearchEvidence__Output): void {
  const galleries = evidence.galleries.map(
    ({ galleryId, referenceCount }) => `${galleryId} (${referenceCount} references)`,
  )
  terminal.line(`Galleries ${galleries.join(', ')}`)
  const models = evidence.modelIds.length === 0 ? '' : `; models ${evidence.modelIds.join(', ')}`
  terminal.line(`Space     ${evidence.algorithm}${models}`)
  terminal.line(
    `Compared  ${evidence.comparedCount} scores (${evidence.searchMode}), covering ${evidence.referencesCoveredCount} references`,
  )
  printParts(terminal, evidence.parts)
  printProof(terminal, evidence)
  if (evidence.referencesNotSearchedCount > 0)
    terminal.line(`NOT searched: ${evidence.referencesNotSearchedCount} references of another template space`)
  if (evidence.indexAgeMs > 0) terminal.line(`The index lacks changes of the last ${evidence.indexAgeMs} ms`)
}

/** Why nobody was missed, or how likely somebody was. */
function printProof(
  terminal: Terminal,
  { searchMode, scoreBound, missedByGraphCount, audit }: SearchEvidence__Output,
): void {
  if (scoreBound !== undefined)
    terminal.line(`Proof     every score within ${scoreBound.toFixed(4)} of the list was compared on stored features`)
  if (searchMode === 'hnsw') terminal.line('NO proof  the graph alone was searched: it may have missed somebody')
  if (missedByGraphCount > 0)
    terminal.line(`          the graph had missed ${missedByGraphCount}; the exact scan added them`)
  if (audit !== null && audit.checkedCount > 0) terminal.line(`Audit     the graph: ${auditText(audit)}`)
}

export function printTimings(terminal: Terminal, timings: readonly StageTiming__Output[]): void {
  if (timings.length === 0) return // templates of fingers alone: nothing was timed
  const total = timings.reduce((sum, timing) => sum + timing.durationMs, 0)
  const stages = timings.map(({ stage, durationMs }) => `${stage} ${durationMs.toFixed(1)}`)
  terminal.line(`Time      ${total.toFixed(1)} ms (${stages.join(', ')})`)
}
