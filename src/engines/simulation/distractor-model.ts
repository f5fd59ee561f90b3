import { dot } from '../../domain/template.js'
import { ModelScan, type ScanVisitor } from './model-scan.js'
import { ScoreCorrection, UPPER_SHARE, type UpperScores } from './score-correction.js'
import { fitTemplates, type TemplateModel } from './template-model.js'

/** Fewer people have under 200 comparisons in the fitted tail. */
export const PEOPLE_MIN = 200
/** More people are not looked at: 3,000 are 4.5 million comparisons, 2 s. */
export const PEOPLE_MAX = 3000
/** The top hundredth of the real scores is fitted, as calibrations do, see `fmr-curve.ts`. */
const REAL_TAIL_SHARE = 0.01
/** Drawn scores are cheap: the tail is fitted to fewer of many more, nearer to where it is needed. */
const DRAWN_TAIL_SHARE = 1e-4
const DRAWN_COMPARISONS = 40_000_000

/** Draws templates of nobody whose comparison scores are spread as those of real people. */
export interface DistractorModel {
  readonly templates: TemplateModel
  readonly correction: ScoreCorrection
}

/**
 * `mean and covariance of all → score correction`. The correction compares real scores of all people with scores of drawn templates
 * of one half against the people of the other: a model knows the people that it was fitted to, and resembles them too much.
 * @param templates one of each person, between `PEOPLE_MIN` and `PEOPLE_MAX`
 * @param seed of the drawn templates that the correction is made with
 */
export function fitDistractors(templates: readonly Float32Array[], seed: number): DistractorModel {
  const real = realScores(templates)
  return {
    templates: fitTemplates(templates),
    correction: new ScoreCorrection(drawnScores(templates, seed, real.scores.at(-1)!), real),
  }
}

function realScores(templates: readonly Float32Array[]): UpperScores {
  const totalCount = (templates.length * (templates.length - 1)) / 2
  const scores = new Float64Array(totalCount)
  let next = 0
  templates.forEach((a, i) => {
    for (let j = 0; j < i; j++) scores[next++] = dot(a, templates[j]!)
  })
  return {
    scores: scores.sort().subarray(Math.floor(totalCount * (1 - UPPER_SHARE))).reverse(),
    totalCount,
    tailShare: REAL_TAIL_SHARE,
  }
}

/** @param least scores below it are left out */
function drawnScores(templates: readonly Float32Array[], seed: number, least: number): UpperScores {
  const halves = [0, 1].map((odd) => templates.filter((_, i) => i % 2 === odd))
  const found = new Gathered(least)
  let totalCount = 0
  halves.forEach((half, i) => {
    const probes = halves[1 - i]!
    const count = Math.ceil(DRAWN_COMPARISONS / 2 / probes.length)
    for (const done of new ModelScan(fitTemplates(half), probes, seed + i).run(count, found))
      totalCount += done * probes.length
  })
  return { scores: found.descending(), totalCount, tailShare: DRAWN_TAIL_SHARE }
}

class Gathered implements ScanVisitor {
  readonly #least: number
  #scores = new Float64Array(2 ** 20)
  #count = 0

  constructor(least: number) {
    this.#least = least
  }

  least(): number {
    return this.#least
  }

  take(_probe: number, score: number): void {
    if (score < this.#least) return
    if (this.#count === this.#scores.length) {
      const larger = new Float64Array(2 * this.#count)
      larger.set(this.#scores)
      this.#scores = larger
    }
    this.#scores[this.#count++] = score
  }

  descending(): Float64Array {
    return this.#scores.subarray(0, this.#count).sort().reverse()
  }
}
