import type { QuantisedProbe, Quantiser } from '../../domain/search.js'

/*
 * Quantisation of unit vectors to 8 bits, with a bound on what it can change.
 *
 * A reference x is stored as x̂ = s·q, q of int8, one step s for the whole shard. A probe p is quantised to
 * p̂ = c·r, r of int16, with a scale c of its own. The scan computes a = p̂·x̂ = c·s·(r·q), an integer dot product.
 *
 * **Bound.** p·x − p̂·x̂ = p·(x − x̂) + (p − p̂)·x̂. By Cauchy–Schwarz, with ‖p‖ ≤ 1 + ε and ‖x‖ ≤ 1 + ε:
 *
 *     |p·x − a| ≤ (1 + ε)·‖x − x̂‖ + ‖p − p̂‖·‖x̂‖ ≤ (1 + ε)·E + ‖p − p̂‖·(1 + ε + E) =: b
 *
 * for every row whose error norm ‖x − x̂‖ is at most E. So, for a score threshold T and the k-th greatest a so far (kth): a row
 * with a < T − b has p·x < T, and a row with a < kth − 2b is beaten by k others, each of which has a true score of at least
 * kth − b. Rows with a greater error norm e (components that clip at ±127, or an unlucky direction) are *exceptions*: the
 * same bound holds for each with e in place of E, call it b(e). kth is the k-th of the other rows; an exception with
 * a + b(e) < max(T, kth − b) is below T or beaten by k others. None of these rows can belong to the answer; all others are
 * compared exactly on their float32 features. Hence the answer is that of the exact scan, whatever the data are.
 *
 * ε = 1e-3 is the norm's tolerance (`checkFeatures`). Norms here are summed in float64; `ROUNDING` covers that, and the
 * float64 product c·s·i, with room to spare.
 */

const INT8_MAX = 127
/** A probe's greatest component becomes this: 8000·127·1024 components stay below 2^31 in the kernel's int32 sums. */
const PROBE_MAX = 8000
const NORM_TOLERANCE = 1e-3
const ROUNDING = 1e-9
/** Share of the rows whose greatest component sets the step; those beyond it clip. */
const STEP_QUANTILE = 0.9995
/** Share of the rows that E covers; the others are exceptions. */
const ERROR_QUANTILE = 0.999
/** With fewer rows than this the quantiles say nothing: the greatest component and error are taken, with this margin. */
export const SAMPLE_MIN = 2048
const SMALL_SAMPLE_MARGIN = 1.25

/** Chooses step and E from rows that are typical for the shard; at least one. */
export function chooseQuantiser(rows: readonly Float32Array[]): Quantiser {
  const isSmall = rows.length < SAMPLE_MIN
  const step = quantile(rows.map(greatest), isSmall ? 1 : STEP_QUANTILE) / INT8_MAX
  const margined = Math.max(isSmall ? step * SMALL_SAMPLE_MARGIN : step, 1e-9)
  const out = new Int8Array(rows[0]?.length ?? 0)
  const errors = rows.map((row) => quantiseRow(row, margined, out))
  const errorMax = quantile(errors, isSmall ? 1 : ERROR_QUANTILE) * (isSmall ? SMALL_SAMPLE_MARGIN : 1)
  return { step: margined, errorMax }
}

/**
 * Writes a row's codes.
 * @returns its error norm ‖x − x̂‖
 */
export function quantiseRow(row: Float32Array, step: number, out: Int8Array): number {
  let squares = 0
  const inverse = 1 / step
  for (let i = 0; i < row.length; i++) {
    const value = row[i]!
    const code = Math.max(-INT8_MAX, Math.min(INT8_MAX, Math.round(value * inverse)))
    out[i] = code
    const error = value - code * step
    squares += error * error
  }
  return Math.sqrt(squares)
}

export function quantiseProbe(probe: Float32Array): QuantisedProbe {
  const scale = Math.max(greatest(probe), 1e-30) / PROBE_MAX
  const codes = new Int16Array(probe.length)
  let squares = 0
  for (let i = 0; i < probe.length; i++) {
    const code = Math.round(probe[i]! / scale)
    codes[i] = code
    const error = probe[i]! - code * scale
    squares += error * error
  }
  return { codes, scale, errorNorm: Math.sqrt(squares) }
}

/** b: how far the scanned score of a row with at most this error norm can be from its true one. */
export function scoreBound(probe: QuantisedProbe, { errorMax }: Pick<Quantiser, 'errorMax'>): number {
  const norm = 1 + NORM_TOLERANCE
  return norm * errorMax + probe.errorNorm * (norm + errorMax) + ROUNDING
}

function greatest(values: Float32Array): number {
  let max = 0
  for (const value of values) max = Math.max(max, Math.abs(value))
  return max
}

function quantile(values: readonly number[], q: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? 0
}
