import { FingerComparer } from '../../src/engines/finger/comparer.js'
import { EVIDENCE_NAMES } from '../../src/engines/finger/evidence.js'
import type { FingerModel } from '../../src/engines/finger/model.js'
import { fitLogistic, type Logistic } from './logistic.js'
import { matedPairs, nonMatedPairs, syntheticPrints, type Print } from './synthetic-set.js'

/**
 * The comparer keeps the alignment that its weights believe most, so that evidence depends on the weights: they are fitted
 * three times, each time on the evidence that the last ones chose. The first ones believe in the soft count of pairs alone.
 */
const ROUND_COUNT = 3
const NON_MATED_EVERY = 25

/** Weights of the evidence, on synthetic impressions that the projection was not trained on. */
export function trainEvidence(model: FingerModel, seed: string, fingerCount: number): FingerModel['evidence'] {
  const prints = syntheticPrints(seed, fingerCount, 4, model)
  let evidence: FingerModel['evidence'] = {
    bias: 0,
    weights: Float64Array.from(EVIDENCE_NAMES, (name) => (name === 'softCount' ? 1 : 0)),
  }
  for (let round = 0; round < ROUND_COUNT; round++) {
    const comparer = new FingerComparer({ ...model, evidence })
    evidence = rounded(
      fitLogistic(
        evidenceOf(comparer, matedPairs(prints)),
        evidenceOf(comparer, nonMatedPairs(prints, NON_MATED_EVERY)),
      ),
    )
  }
  return evidence
}

/** Pairs with nothing alike are decided without weights, and teach none. */
function evidenceOf(comparer: FingerComparer, pairs: Iterable<readonly [Print, Print]>): readonly Float64Array[] {
  const rows: Float64Array[] = []
  for (const [probe, reference] of pairs)
    if (comparer.logOdds(probe.features, reference.features) !== -Infinity) rows.push(comparer.evidence.slice())
  return rows
}

/** To four decimals: no more is known, and machines that round differently in the last bit write the same file. */
function rounded({ bias, weights }: Logistic): FingerModel['evidence'] {
  const round = (value: number) => Math.round(value * 1e4) / 1e4
  return { bias: round(bias), weights: Float64Array.from(weights, round) }
}
