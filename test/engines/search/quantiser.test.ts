import { expect } from 'chai'
import fc from 'fast-check'
import { dot } from '../../../src/domain/template.js'
import {
  chooseQuantiser,
  quantiseProbe,
  quantiseRow,
  SAMPLE_MIN,
  scoreBound,
} from '../../../src/engines/search/quantiser.js'
import { add, MANNERS, unit, vectorsOf, type Manner } from '../../support/search/vectors.js'

// Goal: the bound of quantiser.ts holds, whatever the data are: the exactness of every search rests on it.
// Method: properties over drawn vectors, and cases whose numbers a reader can check by hand.

/** The scanned score and whether the row is an exception, as the shard computes them. */
function scan(probe: Float32Array, row: Float32Array, quantiser: { readonly step: number; readonly errorMax: number }) {
  const { codes, scale } = quantiseProbe(probe)
  const rowCodes = new Int8Array(row.length)
  const error = quantiseRow(row, quantiser.step, rowCodes)
  const integer = rowCodes.reduce((sum, code, i) => sum + code * codes[i]!, 0)
  return { scanned: integer * scale * quantiser.step, isException: !(error <= quantiser.errorMax) }
}

function expectBound(probe: Float32Array, rows: readonly Float32Array[], sample = rows): number {
  const quantiser = chooseQuantiser(sample)
  const bound = scoreBound(quantiseProbe(probe), quantiser)
  let exceptionCount = 0
  for (const row of rows) {
    const { scanned, isException } = scan(probe, row, quantiser)
    if (isException) exceptionCount++
    else expect(Math.abs(dot(probe, row) - scanned)).to.be.at.most(bound)
  }
  return exceptionCount
}

const anyManner = fc.constantFrom<Manner>(...MANNERS)
const anySeed = fc.nat(2 ** 31)
const anyFeatureCount = fc.constantFrom(16, 64, 100, 128, 512)

describe('The quantiser', () => {
  it('keeps to its bound in every manner of rows, probes and samples', () => {
    const property = fc.property(anyManner, anyManner, anyManner, anyFeatureCount, anySeed, (...drawn) => {
      const [rows, probes, samples, featureCount, seed] = drawn
      const [probe] = vectorsOf(probes, 1, featureCount, seed + 1)
      const sample = vectorsOf(samples, 30, featureCount, seed + 2)
      expectBound(probe!, vectorsOf(rows, 30, featureCount, seed), sample)
    })
    fc.assert(property, { numRuns: 300, seed: 1 })
  })

  it('keeps to its bound on components of any size, norms at the edge of what is allowed', () => {
    const component = fc.oneof(fc.float({ noNaN: true, min: -1, max: 1 }), fc.constantFrom(0, 1e-30, -1e-20, 1e-7, 1))
    const vector = fc
      .array(component, { minLength: 32, maxLength: 32 })
      .filter((values) => values.some((value) => Math.abs(value) > 1e-3))
      .map((values) => unit(Float32Array.from(values)))
    const edge = fc.constantFrom(0.99901, 1, 1.00099)
    const property = fc.property(
      vector,
      fc.array(fc.tuple(vector, edge), { minLength: 1, maxLength: 8 }),
      edge,
      (p, xs, e) => {
        const rows = xs.map(([row, norm]) => row.map((value) => value * norm))
        expectBound(
          p.map((value) => value * e),
          rows,
        )
      },
    )
    fc.assert(property, { numRuns: 500, seed: 2 })
  })

  it('holds for probes that point exactly along what quantisation lost', () => {
    const rows = vectorsOf('uniform', 50, 64, 5)
    const { step } = chooseQuantiser(rows)
    for (const row of rows) {
      const codes = new Int8Array(64)
      quantiseRow(row, step, codes)
      const lost = row.map((value, i) => value - codes[i]! * step)
      expectBound(unit(lost), rows)
    }
  })

  it('counts rows that clip as exceptions, not as rows within the bound', () => {
    const flat = vectorsOf('uniform', SAMPLE_MIN, 64, 6)
    const clipped = vectorsOf('one-hot', 20, 64, 7)
    expect(expectBound(flat[0]!, clipped, flat)).to.equal(20)
  })

  it('leaves about one row in a thousand as an exception', () => {
    const rows = vectorsOf('identities', 4_000, 64, 8)
    expect(expectBound(rows[0]!, rows)).to.equal(4) // E is the 99.9th percentile of 4,000
  })

  it('leaves no exception among few rows, and room for rows a quarter worse', () => {
    const rows = vectorsOf('heavy-tailed', 200, 64, 9)
    expect(expectBound(rows[0]!, rows)).to.equal(0)
    const { step, errorMax } = chooseQuantiser(rows)
    expect(step).to.be.closeTo((1.25 / 127) * Math.max(...rows.flatMap((row) => [...row].map(Math.abs))), 1e-9)
    const errors = rows.map((row) => quantiseRow(row, step, new Int8Array(64)))
    expect(errorMax).to.be.closeTo(1.25 * Math.max(...errors), 1e-12)
  })

  it('writes codes within ±127 and gives the norm of the rest', () => {
    const codes = new Int8Array(4)
    // Codes 0.5/0.01 = 50, −2/0.01 clips at −127, 0.004/0.01 rounds to 0; lost: 0, −0.73, 0.004, 0.
    const error = quantiseRow(Float32Array.of(0.5, -2, 0.004, 0), 0.01, codes)
    expect([...codes]).to.deep.equal([50, -127, 0, 0])
    expect(error).to.be.closeTo(Math.hypot(0.73, 0.004), 1e-7)
  })

  it('gives a probe codes of up to ±8000, whatever its scale', () => {
    const probe = quantiseProbe(Float32Array.of(0.25, -0.5, 0, 0.1))
    expect([...probe.codes]).to.deep.equal([4000, -8000, 0, 1600])
    expect(probe.scale).to.be.closeTo(0.5 / 8000, 1e-12)
    expect([...quantiseProbe(new Float32Array(4)).codes]).to.deep.equal([0, 0, 0, 0])
  })

  it('widens the bound with what the row or the probe lost', () => {
    const [probe] = vectorsOf('uniform', 1, 64, 11)
    const quantised = quantiseProbe(probe!)
    const narrow = scoreBound(quantised, { errorMax: 0.01 })
    expect(narrow).to.be.within(0.01, 0.011)
    expect(scoreBound(quantised, { errorMax: 0.02 }) - narrow).to.be.closeTo(0.01, 1e-4)
    const worse = { ...quantised, errorNorm: quantised.errorNorm + 0.01 }
    expect(scoreBound(worse, { errorMax: 0.01 }) - narrow).to.be.closeTo(0.01, 2e-4)
  })

  it('is exact to the bound for a row and its opposite', () => {
    const [row] = vectorsOf('identities', 1, 128, 12)
    const opposite = add(new Float32Array(128), row!, -1)
    expect(expectBound(row!, [row!, opposite])).to.equal(0)
  })
})
