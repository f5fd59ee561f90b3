import { bootstrapRates, type MeasuredRate, type PersonWeights } from '../../src/services/evaluation/bootstrap.js'
import { justAbove } from '../../src/services/evaluation/statistics.js'

/** Searches of one gallery; scores of failures would be −Infinity. */
export interface Searches {
  readonly mated: readonly { readonly person: number; readonly score: number }[]
  /** With the greatest score of any reference. */
  readonly nonMated: readonly { readonly person: number; readonly score: number }[]
}

export interface Method {
  readonly name: string
  /** The same galleries for every method, in the same order. */
  readonly galleries: readonly Searches[]
}

export const TARGETS = [0.1, 0.03, 0.01] as const
/** Differences lie between −1 and 1. Moved there they are never taken for a rate of which no error was seen. */
const MOVED = 3

/** A method's FNIR at each target, and how much more or less that is than the first method's on the same people. */
export interface Row {
  readonly name: string
  readonly fnir: readonly MeasuredRate[]
  readonly difference: readonly MeasuredRate[]
}

/**
 * FNIR at each FPIR, the mean over the galleries, with 95 % intervals by drawing people 1,000 times. Every gallery's
 * threshold is chosen again in each draw, and methods share the draws: a difference's interval is that of pairs.
 * @param strata people by how many samples they have
 */
export function compareMethods(methods: readonly Method[], strata: readonly (readonly number[])[]): readonly Row[] {
  const personCount = 1 + strata.flat().reduce((a, b) => Math.max(a, b), 0)
  const sorted = methods.map(({ galleries }) =>
    galleries.map(({ mated, nonMated }) => ({ mated, nonMated: nonMated.toSorted((a, b) => b.score - a.score) })),
  )
  const width = TARGETS.length
  const rates = bootstrapRates({ seed: 1, personCount, strata }, (weights) => {
    const all = sorted.map((galleries) => TARGETS.map((target) => meanFnir(galleries, target, weights)))
    return [...all.flat(), ...all.flatMap((own) => own.map((rate, i) => rate - all[0]![i]! + MOVED))]
  })
  return methods.map(({ name }, at) => ({
    name,
    fnir: rates.slice(at * width, (at + 1) * width),
    difference: rates.slice((methods.length + at) * width, (methods.length + at + 1) * width).map(movedBack),
  }))
}

function movedBack({ rate, lower95, upper95 }: MeasuredRate): MeasuredRate {
  return { rate: rate - MOVED, lower95: lower95 - MOVED, upper95: upper95 - MOVED }
}

function meanFnir(galleries: readonly Searches[], target: number, weights: PersonWeights): number {
  let sum = 0
  for (const { mated, nonMated } of galleries) {
    const threshold = thresholdOf(nonMated, target, weights)
    let [missed, total] = [0, 0]
    for (const { person, score } of mated) {
      total += weights[person]!
      if (score < threshold) missed += weights[person]!
    }
    sum += missed / total
  }
  return sum / galleries.length
}

/** @param descending as `thresholdAtFpir` of the evaluation service reads them */
function thresholdOf(descending: Searches['nonMated'], target: number, weights: PersonWeights): number {
  let total = 0
  for (const { person } of descending) total += weights[person]!
  let left = Math.floor(target * total)
  for (const { person, score } of descending) {
    left -= weights[person]!
    if (left < 0) return justAbove(score)
  }
  return -Infinity
}

/** A Markdown table. */
export function printRows(title: string, rows: readonly Row[]): void {
  console.log(`\n${title}\n`)
  console.log(`Percent, with 95 % intervals over people.\n`)
  console.log(`| method | ${TARGETS.map((fpir) => `FNIR at FPIR ${fpir} | against the first`).join(' | ')} |`)
  console.log(`| --- |${' ---: | ---: |'.repeat(TARGETS.length)}`)
  rows.forEach(({ name, fnir, difference }, row) => {
    const cells = fnir.map((rate, i) => `${shown(rate)} | ${row === 0 ? '' : signed(difference[i]!)}`)
    console.log(`| ${name} | ${cells.join(' | ')} |`)
  })
}

function shown({ rate, lower95, upper95 }: MeasuredRate): string {
  return `${percent(rate)} (${percent(lower95)}–${percent(upper95)})`
}

function signed({ rate, lower95, upper95 }: MeasuredRate): string {
  const sign = (value: number) => `${value > 0 ? '+' : ''}${percent(value)}`
  return `${sign(rate)} (${sign(lower95)} to ${sign(upper95)})`
}

function percent(share: number): string {
  return (share * 100).toFixed(1).replace('-', '−')
}
