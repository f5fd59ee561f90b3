import type { FingerReport__Output } from '../../generated/portcullis/v1/FingerReport.js'
import type { PartEvidence__Output } from '../../generated/portcullis/v1/PartEvidence.js'
import type { PartScore__Output } from '../../generated/portcullis/v1/PartScore.js'
import type { ScoreThreshold__Output } from '../../generated/portcullis/v1/ScoreThreshold.js'
import type { Terminal } from '../terminal.js'
import { positionWord } from './positions.js'

/** Whether scores are minus the decimal logarithm of a false match rate: so they are as soon as fingers take part. */
export function isFused(threshold: ScoreThreshold__Output | null): boolean {
  return threshold?.scale === '-log10(fmr)'
}

/** A cosine to four places; a logarithm of a rate is known to two at best. */
export function scoreText(score: number, threshold: ScoreThreshold__Output | null): string {
  return isFused(threshold) ? score.toFixed(2) : score.toFixed(4)
}

/** "face 0.71 · right-index 5.2": a cosine, and minus the decimal logarithm of the finger's false match rate. */
export function partScores(scores: readonly PartScore__Output[]): string {
  return scores.map(({ part, score }) => `${part} ${score.toFixed(part === 'face' ? 2 : 1)}`).join(' · ')
}

export function printThreshold(terminal: Terminal, threshold: ScoreThreshold__Output | null): void {
  if (threshold === null) return
  const { fmr, measuredOn, source } = threshold
  const about =
    fmr === undefined
      ? 'set by this request; its error rate is not known'
      : `false match rate ${Number(fmr.toPrecision(3))} per comparison, ${source === 'request' ? 'set by this request; ' : ''}measured on ${measuredOn}`
  const scale = isFused(threshold) ? ', -log10 of the false match rate' : ''
  terminal.line(`Threshold ${scoreText(threshold.score, threshold)}${scale} (${about})`)
}

export function printFingers(terminal: Terminal, fingers: readonly FingerReport__Output[]): void {
  for (const { position, quality, minutiaeCount, format, extractor } of fingers) {
    const origin = extractor === '' ? format : `${format}, ${extractor}`
    const qualityText = quality === undefined ? 'not reported' : `${quality.toFixed(0)} of 100`
    terminal.line(`Finger    ${positionWord(position)}: ${minutiaeCount} minutiae, quality ${qualityText} (${origin})`)
  }
}

/** How each part was searched, and that it was not. */
export function printParts(terminal: Terminal, parts: readonly PartEvidence__Output[]): void {
  for (const part of parts) {
    terminal.line(`Part      ${part.part}: ${howSearched(part)}`)
    for (const reason of part.reasons) terminal.line(`          ${reason}`)
  }
}

function howSearched({ searchMode, comparedCount, referencesCoveredCount }: PartEvidence__Output): string {
  if (searchMode === '') return 'NOT searched, it says nothing for or against anybody'
  const counts = `${comparedCount} comparisons, covering ${referencesCoveredCount} references`
  if (searchMode === 'shortlist') return `${counts} (shortlist): it MAY MISS a listed person; --mode exact compares all`
  return `${counts} (${searchMode})`
}
