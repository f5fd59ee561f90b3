import { backgroundContext } from '../../src/domain/context.js'
import { dot } from '../../src/domain/template.js'
import { compareAll } from '../../src/engines/calibration/compare-all.js'
import { CalibrationCurve } from '../../src/engines/calibration/curve.js'
import { fitCalibration } from '../../src/engines/calibration/fit.js'
import { seededRandom } from '../../src/services/index-check/seeded.js'
import type { Person } from './lfw-people.js'

/** What fusion reads of a calibration. */
export interface Meaning {
  readonly llrOf: (score: number) => number
  /** −log10 of the false match rate. */
  readonly levelOf: (score: number) => number
}

/** The calibration that these people's photographs give. */
export async function curveOf(people: readonly Person[]): Promise<CalibrationCurve> {
  const samples = people.flatMap(({ features }, i) => features.map((own) => ({ person: String(i), features: own })))
  const compared = await compareAll(samples, dot, () => undefined, backgroundContext('measure'))
  const source = { data: 'measurement', failuresToExtract: 0, date: '2026-01-01', command: 'none' }
  const fit = { algorithm: 'measured@0', source, compared, lowestFmr: null, marginDecades: 0, seed: 1, random: seededRandom(1) } // prettier-ignore
  return new CalibrationCurve(fitCalibration(fit))
}

export function meaningOf(curve: CalibrationCurve): Meaning {
  return {
    llrOf: (score) => curve.llrAt(score),
    levelOf: (score) => -Math.log10(curve.fmrAt(score).rate),
  }
}
