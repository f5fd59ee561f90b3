import { expect } from 'chai'
import { dot } from '../../../src/domain/template.js'
import { ModelScan } from '../../../src/engines/simulation/model-scan.js'
import { normalCodes } from '../../../src/engines/simulation/normal-codes.js'
import { fitTemplates, type TemplateModel } from '../../../src/engines/simulation/template-model.js'
import { randomUnitVectors } from '../../support/random-vectors.js'

// Goal: every score that is of use is told, and is the cosine of a template of norm 1. Method: the templates that the same seed draws,
// built and compared in plain arithmetic.
const FEATURES = 70 // no multiple of what the kernel reads at once

/** People on a sphere, twice as far spread in their first ten features, all a little to one side. */
function people(count: number, seed: number): readonly Float32Array[] {
  return randomUnitVectors(count, FEATURES, seed).map((vector) => {
    const leaning = vector.map((value, i) => (i < 10 ? 2 * value : value) + 0.02)
    const norm = Math.hypot(...leaning)
    return leaning.map((value) => value / norm)
  })
}

function built({ axes, mean, deviations }: TemplateModel, count: number, seed: number): readonly Float32Array[] {
  const { step, fill } = normalCodes(seed)
  const codes = new Int8Array(FEATURES)
  return Array.from({ length: count }, () => {
    fill(codes)
    const along = mean.map((value, axis) => value + deviations[axis]! * step * codes[axis]!)
    const template = Float64Array.from({ length: FEATURES }, (_, i) =>
      along.reduce((sum, value, axis) => sum + value * axes[axis * FEATURES + i]!, 0),
    )
    const norm = Math.hypot(...template)
    return Float32Array.from(template, (value) => value / norm)
  })
}

describe('ModelScan', () => {
  const model = fitTemplates(people(300, 1))
  const probes = people(7, 2)
  const COUNT = 2500 // two chunks and a part

  function scanned(least: number) {
    const told = probes.map((): number[] => [])
    const chunks = [
      ...new ModelScan(model, probes, 5).run(COUNT, { least: () => least, take: (probe, score) => told[probe]!.push(score) }),
    ]
    return { told, chunks }
  }

  it('tells the cosine with every template, in the order of drawing, to 1e-4', () => {
    const { told, chunks } = scanned(-Infinity)
    expect(chunks).to.deep.equal([1024, 1024, 452])
    const templates = built(model, COUNT, 5)
    probes.forEach((probe, i) => {
      expect(told[i]).to.have.length(COUNT)
      templates.forEach((template, row) => expect(told[i]![row]).to.be.closeTo(dot(probe, template), 1e-4))
    })
  })

  it('tells all that reach what is of use', () => {
    const all = scanned(-Infinity).told
    for (const least of [-0.1, 0, 0.25])
      scanned(least).told.forEach((told, i) => {
        const wanted = all[i]!.filter((score) => score >= least)
        expect(wanted.length).to.be.above(10)
        expect(told.filter((score) => score >= least)).to.deep.equal(wanted)
      })
  })

  it('passes over probes for which nothing is of use', () => {
    expect(scanned(Infinity).told.flat()).to.have.length(0)
  })

  it('draws templates with the mean and covariance that were fitted', () => {
    const drawn = built(model, 4000, 9)
    const again = fitTemplates(drawn)
    expect(again.deviations.at(-1)).to.be.closeTo(model.deviations.at(-1)!, 0.01)
    expect(Math.hypot(...again.mean)).to.be.closeTo(Math.hypot(...model.mean), 0.02)
  })
})
