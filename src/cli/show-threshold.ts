import type { FpirPrediction__Output } from '../generated/portcullis/v1/FpirPrediction.js'
import type { ScoreThreshold__Output } from '../generated/portcullis/v1/ScoreThreshold.js'
import type { Terminal } from './terminal.js'

/** Whether scores are minus the decimal logarithm of a false match rate: so they are as soon as fingers take part. */
export function isFused(threshold: ScoreThreshold__Output | null): boolean {
  return threshold?.scale === '-log10(fmr)'
}

/** A cosine to four places; a logarithm of a rate is known to two at best. */
export function scoreText(score: number, threshold: ScoreThreshold__Output | null): string {
  return isFused(threshold) ? score.toFixed(2) : score.toFixed(4)
}

/** The threshold with the error rate that it buys, of one comparison and of the whole search. */
export function printThreshold(terminal: Terminal, threshold: ScoreThreshold__Output | null): void {
  if (threshold === null) return
  if (threshold.source === 'none') {
    terminal.line('Threshold NONE applied, as asked: candidates are the most similar subjects, however little similar')
    return
  }
  const scale = isFused(threshold) ? ', -log10 of the false match rate' : ''
  terminal.line(`Threshold ${scoreText(threshold.score, threshold)}${scale} (${aboutComparisons(threshold)})`)
  if (threshold.fpir !== null) printPrediction(terminal, threshold.fpir)
}

function aboutComparisons({ fmr, measuredOn, source }: ScoreThreshold__Output): string {
  if (fmr === undefined) return 'set by this request; its error rate is not known'
  const origin = source === 'request' ? 'set by this request; ' : ''
  return `false match rate ${Number(fmr.toPrecision(3))} per comparison, ${origin}measured on ${measuredOn}`
}

/** "FPIR      0.01 asked of 1,203 references: predicted 0.0100 (0.0060 to 0.016)". */
function printPrediction(terminal: Terminal, prediction: FpirPrediction__Output): void {
  const { target, referenceCount, searchCount, rate, lower95, upper95, isExtrapolated, measuredOn } = prediction
  const asked = target === undefined ? '' : `${Number(target.toPrecision(3))} asked `
  const several = searchCount > 1 ? ` by ${searchCount} searches together` : ''
  const interval = `${rateText(lower95)} to ${rateText(upper95)}`
  const size = `${referenceCount.toLocaleString('en-GB')} references${several}`
  terminal.line(`FPIR      ${asked}of ${size}: predicted ${rateText(rate)} (${interval})`)
  terminal.line(`          by ${measuredOn}${isExtrapolated ? '; EXTRAPOLATED beyond what was measured' : ''}`)
}

/** Two digits; what is below a thousandth as a power of ten. */
export function rateText(rate: number): string {
  if (rate === 0) return '0'
  return rate < 1e-3 ? rate.toExponential(1) : rate.toPrecision(2)
}
