import type { FingerReport__Output } from '../../generated/portcullis/v1/FingerReport.js'
import type { PartEvidence__Output } from '../../generated/portcullis/v1/PartEvidence.js'
import type { PartScore__Output } from '../../generated/portcullis/v1/PartScore.js'
import type { Terminal } from '../terminal.js'
import { positionWord } from './positions.js'

/** "face 0.71 · right-index 5.2": a cosine, and minus the decimal logarithm of the finger's false match rate. */
export function partScores(scores: readonly PartScore__Output[]): string {
  return scores.map(({ part, score }) => `${part} ${score.toFixed(part === 'face' ? 2 : 1)}`).join(' · ')
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
