import { dot } from '../../../src/domain/template.js'
import { rowOf } from './identities.js'
import { LIST_LENGTH } from './oracle.js'
import { judged, type Measured, type Result } from './result.js'
import { timeSearches } from './timing.js'

/** The loop that one would write first: float32 rows, one after the other, in JavaScript. */
export async function measurePlainScan(measured: Measured): Promise<Result> {
  const { set } = measured
  const scores = new Float32Array(set.count)
  const search = async (probe: Float32Array) => {
    for (let row = 0; row < set.count; row++) scores[row] = dot(probe, rowOf(set, row))
    return bestOf(scores)
  }
  const cost = { loadS: null, bytesPerTemplate: set.featureCount * Float32Array.BYTES_PER_ELEMENT }
  return judged('plain JavaScript, float32', measured, cost, await timeSearches(search, set.matedProbes))
}

/** The rows of the greatest scores, best first. */
export function bestOf(scores: Float32Array): readonly number[] {
  const rows: number[] = []
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row]!
    if (rows.length === LIST_LENGTH && score <= scores[rows[LIST_LENGTH - 1]!]!) continue
    let at = rows.length
    while (at > 0 && scores[rows[at - 1]!]! < score) at--
    rows.splice(at, 0, row)
    if (rows.length > LIST_LENGTH) rows.pop()
  }
  return rows
}
