import { expect } from 'chai'
import { backgroundContext } from '../../../src/domain/context.js'
import { dot } from '../../../src/domain/template.js'
import { cosineDistractors } from '../../../src/engines/simulation/distractor-source.js'
import { checkDistractors, trustOf, type DistractorCheck } from '../../../src/services/evaluation/distractor-check.js'
import { evaluateIdentification, type IdentificationInput } from '../../../src/services/evaluation/identification.js'
import { expectCode } from '../../support/errors.js'
import { randomUnitVectors } from '../../support/random-vectors.js'

// Goal: made-up strangers who are as alike as the people they were fitted to, without anybody of them. Method: people of a made-up
// population with families (so that likeness is more frequent than a normal distribution has it), half of them never shown to the model.
const FEATURES = 48
const context = backgroundContext('test')

/** Every third person has a sibling. */
function population(count: number, seed: number): readonly Float32Array[] {
  const own = randomUnitVectors(count, FEATURES, seed)
  return own.map((vector, i) => {
    const sibling = own[i % 3 === 0 ? i : i - (i % 3)]!
    return unit(vector.map((value, at) => (0.8 * value + (i % 3 === 1 ? 0.6 * sibling[at]! : 0)) * (at < 12 ? 2 : 1)))
  })
}

function unit(vector: Float32Array): Float32Array {
  const norm = Math.hypot(...vector)
  return vector.map((value) => value / norm)
}

describe('checkDistractors()', () => {
  it('finds the real false match rates of people whom the model never saw', async function () {
    this.timeout(60_000)
    const people = population(900, 1)
    const half = (odd: number) => people.filter((_, i) => Math.floor(i / 3) % 2 === odd) // siblings stay together
    const source = cosineDistractors.fit(half(0), 1)
    const check = await checkDistractors({ source, templates: half(1), compare: dot, seed: 1 }, context)
    expect(check.personCount).to.equal(450)
    expect(check.fmr.map(({ realRate }) => realRate.toExponential(0))).to.deep.equal(['1e-2', '1e-3', '1e-4'])
    for (const { ratio } of check.fmr) {
      expect(ratio.lower95).to.be.below(1.15)
      expect(ratio.upper95).to.be.above(0.85)
    }
    expect(check.fmr[0]!.ratio.rate).to.be.within(0.8, 1.25)
    expect(check.fmr[1]!.ratio.rate).to.be.within(0.6, 1.6)
  })
})

describe('trustOf()', () => {
  const check = (...intervals: readonly (readonly [number, number])[]): DistractorCheck => ({
    personCount: 1000,
    fpir: [],
    fmr: intervals.map(([lower95, upper95]) => ({ realRate: 0, score: 0, ratio: { rate: 1, lower95, upper95 } })),
  })

  it('ends before the first rate at which an interval leaves the factor 3, of either check', () => {
    expect(trustOf([check([0.9, 1.1], [0.5, 1.5]), check([0.9, 1.25], [0.8, 1.8])])).to.deep.equal({ fmr: 1e-3, factor: 2 })
    expect(trustOf([check([0.9, 1.1], [0.5, 1.5]), check([0.9, 1.25], [0.2, 1])])).to.deep.equal({ fmr: 1e-2, factor: 1.25 })
    expect(trustOf([check([0.9, 1.1], [0.5, 1.5]), check([0.9, 1.25])])).to.deep.equal({ fmr: 1e-2, factor: 1.25 })
  })

  it('trusts nothing where the first does', () => {
    expect(trustOf([check([0.1, 0.3])])).to.equal(null)
  })
})

describe('evaluateIdentification() with distractors', () => {
  const people = population(450, 2)
  const noise = randomUnitVectors(900, FEATURES, 3)
  const names = people.flatMap((_, i) => [`P${i}/0.jpg`, `P${i}/1.jpg`])
  const features = new Map(names.map((name, i) => [name, unit(people[i >> 1]!.map((value, at) => value + 0.5 * noise[i]![at]!))]))

  function evaluate(distractorCount: number, change: Partial<IdentificationInput<Float32Array>> = {}) {
    return evaluateIdentification<Float32Array>(
      {
        ...{ modality: 'face', names, seed: 1, enrolFraction: 0.5, groups: null, calibration: null, concurrency: 2 },
        distractorCount,
        onProgress: () => undefined,
        ...change,
        space: {
          ...{ algorithm: 'sphere@000000000001', scoreRange: [-1, 1], comparisonsMax: 1e6, compare: dot },
          extract: async (name) => features.get(name)!,
          distractors: cosineDistractors,
          ...change.space,
        },
      },
      context,
    )
  }

  it('leaves the figures of the real people as they were, and makes searches among more people harder', async function () {
    this.timeout(60_000)
    const alone = await evaluate(0)
    const { distractors, ...real } = await evaluate(20_000)
    expect(alone.distractors).to.equal(null)
    expect(real).to.deep.equal((({ distractors: _, ...rest }) => rest)(alone))
    const { measures, checks, count } = distractors!
    expect(count).to.equal(20_000)
    expect(measures.referenceCount).to.equal(20_225)
    expect(checks.map(({ personCount }) => personCount)).to.deep.equal([225, 225])
    measures.fpirPoints.forEach(({ threshold, fnirRank1 }, i) => {
      const { threshold: before, fnirRank1: missesBefore } = alone.fpirPoints[i]!
      if (threshold === null) return
      expect(threshold).to.be.above(before!)
      expect(fnirRank1!.rate).to.be.at.least(missesBefore!.rate)
    })
    expect(measures.cmc[0]!.rate).to.be.below(alone.cmc[0]!.rate)
  })

  it('draws the same for the same seed, and tells how far it is', async function () {
    this.timeout(60_000)
    const seen: (readonly [number, number])[] = []
    const onProgress = (done: number, total: number) => seen.push([done, total])
    const first = await evaluate(3000, { onProgress })
    expect((await evaluate(3000)).distractors).to.deep.equal(first.distractors)
    const total = 900 + 2 * (225 + 450) // samples; 225 mated and 450 non-mated searches, twice
    expect(seen).to.deep.equal(Array.from({ length: total }, (_, i) => [i + 1, total]))
  })

  it('refuses what it cannot do before it extracts anything', async () => {
    const space = (change: object) => ({ space: change as IdentificationInput<Float32Array>['space'] })
    const extract = () => Promise.reject(new Error('nothing may be extracted'))
    const fingers = await expectCode('INVALID_ARGUMENT', evaluate(10, space({ extract, distractors: null })))
    expect(fingers.field).to.equal('distractors')
    const few = await expectCode('INVALID_ARGUMENT', evaluate(10, { names: names.slice(0, 600), ...space({ extract }) }))
    expect(few).to.include({ field: 'distractors', got: '150' })
    await expectCode('INVALID_ARGUMENT', evaluate(10_000_001, space({ extract })))
    const all = { names: names.flatMap((name) => [name, name.replace('.', 'a.'), name.replace('.', 'b.')]) }
    await expectCode('LIMIT_EXCEEDED', evaluate(10_000_000, { ...all, ...space({ extract }) })) // 2,475 probes
  })
})
