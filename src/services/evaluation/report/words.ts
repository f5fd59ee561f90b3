import type { MeasuredRate } from '../bootstrap.js'

/** "3.20 %"; small rates keep two digits that count. */
export function percent(rate: number): string {
  const value = rate * 100
  return `${value !== 0 && value < 0.1 ? value.toPrecision(2) : value.toFixed(2)} %`
}

/** "3.20 % (2.10–4.60)" */
export function measured({ rate, lower95, upper95 }: MeasuredRate): string {
  const bound = (value: number) => percent(value).replace(' %', '')
  return `${percent(rate)} (${bound(lower95)}–${bound(upper95)})`
}

export function orDash<Value>(value: Value | null, word: (value: Value) => string): string {
  return value === null ? '–' : word(value)
}

/** "12,345" */
export function counted(count: number): string {
  return count.toLocaleString('en-GB')
}

/** A score as people compare it by: cosines have four places, logarithms two. */
export function scoreWord(score: number): string {
  return Math.abs(score) <= 1 ? score.toFixed(4) : score.toFixed(2)
}

/** A rate in per cent without its sign; small ones keep two digits that count. */
export function shortRate(rate: number): string {
  const value = Number((rate * 100).toPrecision(2))
  return value !== 0 && value < 1e-4 ? value.toExponential(1) : String(value)
}
