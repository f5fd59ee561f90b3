import type { CallContext } from '../../domain/context.js'
import type { DistractorSource } from '../../domain/distractors.js'
import { bootstrapRates, type MeasuredRate, type PersonWeights } from './bootstrap.js'

/** The model's rate over the real one, with the 95 % interval over people. */
export interface RateRatio {
  /** Of people whom the model was not fitted to. */
  readonly realRate: number
  readonly score: number
  readonly ratio: MeasuredRate
}

/** How a model does on people whom it was not fitted to. */
export interface DistractorCheck {
  readonly personCount: number
  /** Of single comparisons: from FMR 1e-2 down to what ten comparisons support. */
  readonly fmr: readonly RateRatio[]
  /** Of searches among as many references as there are people. */
  readonly fpir: readonly RateRatio[]
}

export interface CheckInput<Features> {
  readonly source: DistractorSource<Features>
  /** One template of each person. */
  readonly templates: readonly Features[]
  readonly compare: (probe: Features, reference: Features) => number
  readonly seed: number
}

const FMRS = [1e-2, 1e-3, 1e-4, 1e-5, 1e-6] as const
const FPIRS = [0.1, 0.03, 0.01] as const
const SUPPORT_MIN = 10
/** Drawn for the rates: so many that chance in drawing adds little to the interval over people. */
const DRAWN_COUNT = 50_000
/** Made-up galleries over which the rates of searches are averaged. */
const GALLERY_COUNT = 5

/** Compares everybody with everybody else, and with distractors. */
export async function checkDistractors<Features>(
  input: CheckInput<Features>,
  context: CallContext,
): Promise<DistractorCheck> {
  const real = compareAll(input)
  return {
    personCount: input.templates.length,
    fmr: await compareRates(input, real, context),
    fpir: await compareSearches(input, real, context),
  }
}

interface RealScores {
  /** Greatest first, down to the most frequent rate that is looked at. */
  readonly pairs: readonly { readonly score: number; readonly a: number; readonly b: number }[]
  readonly pairCount: number
  /** Of each person, the greatest score with anybody else. */
  readonly tops: Float64Array
}

function compareAll<Features>({ templates, compare }: CheckInput<Features>): RealScores {
  const pairCount = (templates.length * (templates.length - 1)) / 2
  const scores = new Float64Array(pairCount)
  const tops = new Float64Array(templates.length).fill(-Infinity)
  let next = 0
  templates.forEach((a, i) => {
    for (let j = 0; j < i; j++) {
      const score = (scores[next++] = compare(a, templates[j]!))
      tops[i] = Math.max(tops[i]!, score)
      tops[j] = Math.max(tops[j]!, score)
    }
  })
  const least = scores.toSorted()[pairCount - Math.ceil(FMRS[0] * pairCount)]!
  const pairs: { score: number; a: number; b: number }[] = []
  for (let a = 0, at = 0; a < templates.length; a++)
    for (let b = 0; b < a; b++, at++) if (scores[at]! >= least) pairs.push({ score: scores[at]!, a, b })
  return { pairs: pairs.sort((x, y) => y.score - x.score), pairCount, tops }
}

async function compareRates<Features>(
  { source, templates, seed }: CheckInput<Features>,
  { pairs, pairCount }: RealScores,
  context: CallContext,
): Promise<readonly RateRatio[]> {
  const counts = FMRS.map((fmr) => Math.round(fmr * pairCount)).filter((count) => count >= SUPPORT_MIN)
  const scores = counts.map((count) => pairs[count - 1]!.score)
  const draw = { count: DRAWN_COUNT, countMax: Infinity, seed, onDrawn: () => undefined }
  const reached = await source.countReaching(
    templates.map((features) => ({ features, marks: scores })),
    draw,
    context,
  )
  const ratios = bootstrapRates(planOf(templates, seed), (weights) => {
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    const realTotal = pairWeight(weights, total)
    const reachedPairs = runningWeights(pairs, counts[0] ?? 0, weights)
    return counts.map((count, level) => {
      const drawn = reached.reduce((sum, ofPerson, person) => sum + weights[person]! * ofPerson[level]!, 0)
      return drawn / (DRAWN_COUNT * total) / (reachedPairs[count]! / realTotal)
    })
  })
  return counts.map((count, i) => ({ realRate: count / pairCount, score: scores[i]!, ratio: ratios[i]! }))
}

/** The weight of the first 0, 1, … `count` pairs. */
function runningWeights(pairs: RealScores['pairs'], count: number, weights: PersonWeights): Float64Array {
  const sums = new Float64Array(count + 1)
  for (let i = 0; i < count; i++) sums[i + 1] = sums[i]! + weights[pairs[i]!.a]! * weights[pairs[i]!.b]!
  return sums
}

/** Σ wᵢ·wⱼ over pairs of different people. */
function pairWeight(weights: PersonWeights, total: number): number {
  return (total ** 2 - weights.reduce((sum, weight) => sum + weight ** 2, 0)) / 2
}

async function compareSearches<Features>(
  { source, templates, seed }: CheckInput<Features>,
  { tops }: RealScores,
  context: CallContext,
): Promise<readonly RateRatio[]> {
  const descending = tops.toSorted().reverse()
  const counts = FPIRS.map((fpir) => Math.round(fpir * tops.length)).filter((count) => count >= SUPPORT_MIN)
  const scores = counts.map((count) => descending[count - 1]!)
  const galleries: Float64Array[] = []
  for (let gallery = 1; gallery <= GALLERY_COUNT; gallery++) {
    const draw = { count: templates.length - 1, seed: seed + gallery, onDrawn: () => undefined }
    galleries.push(await source.topScores(templates, draw, context))
  }
  const ratios = bootstrapRates(planOf(templates, seed), (weights) =>
    scores.map((score) => {
      const drawn = galleries.reduce((sum, drawnTops) => sum + reachedWeight(drawnTops, score, weights), 0)
      return drawn / GALLERY_COUNT / reachedWeight(tops, score, weights)
    }),
  )
  return counts.map((count, i) => ({ realRate: count / tops.length, score: scores[i]!, ratio: ratios[i]! }))
}

function reachedWeight(tops: Float64Array, score: number, weights: PersonWeights): number {
  return tops.reduce((sum, top, person) => (top >= score ? sum + weights[person]! : sum), 0)
}

function planOf(templates: readonly unknown[], seed: number) {
  return { seed, personCount: templates.length, strata: [templates.map((_, person) => person)] }
}

/** Down to which false match rate a model may be trusted. */
export interface DistractorTrust {
  readonly fmr: number
  /** The model's rate is at most so many times the real one, and at least that part of it. */
  readonly factor: number
}

/** A factor that shifts a threshold by about what two galleries of one size differ in; House rule. */
const FACTOR_MAX = 3

/** The rarest rate down to which all checks' intervals lie within one factor of 3 at most; null where not even FMR 1e-2 does. */
export function trustOf(checks: readonly DistractorCheck[]): DistractorTrust | null {
  const levels = Math.min(...checks.map(({ fmr }) => fmr.length))
  let trust: DistractorTrust | null = null
  for (let level = 0; level < levels; level++) {
    const ratios = checks.map(({ fmr }) => fmr[level]!)
    const here = Math.max(...ratios.map(({ ratio }) => Math.max(ratio.upper95, 1 / ratio.lower95)))
    const factor = Math.max(here, trust?.factor ?? 1)
    if (!(factor <= FACTOR_MAX)) break
    trust = { fmr: FMRS[level]!, factor }
  }
  return trust
}
