import { expect } from 'chai'
import { backgroundContext } from '../../../src/domain/context.js'
import { DomainError } from '../../../src/domain/errors.js'
import { evaluateIdentification, type IdentificationInput } from '../../../src/services/evaluation/identification.js'
import { expectCode } from '../../support/errors.js'

// Goal: a whole open-set experiment. Method: people are angles, samples lie a little beside them, and a comparison score is the
// cosine between two samples: every figure can be told beforehand.
const context = backgroundContext('test')
const DEGREES = Math.PI / 180

/** Person p stands at 10·p degrees, sample i one degree further; "x" is a sample without a template. */
function angleOf(name: string): number | null {
  const [, person, sample] = /^P(\d+)\/(\w)\.jpg$/.exec(name) ?? []
  return sample === 'x' ? null : 10 * Number(person) + Number(sample)
}

function evaluate(names: readonly string[], change: Partial<IdentificationInput<number>> = {}) {
  return evaluateIdentification<number>(
    {
      modality: 'face',
      names,
      seed: 3,
      enrolFraction: 0.5,
      groups: null,
      distractorCount: 0,
      calibration: null,
      concurrency: 2,
      onProgress: () => undefined,
      ...change,
      space: {
        algorithm: 'circle@000000000001',
        scoreRange: [-1, 1],
        comparisonsMax: 10_000,
        extract: async (name) => angleOf(name),
        compare: (a, b) => Math.cos((a - b) * DEGREES),
        distractors: null,
        ...change.space,
      },
    },
    context,
  )
}

const FOLDER = Array.from({ length: 8 }, (_, p) => [`P${p}/0.jpg`, `P${p}/1.jpg`, `P${p}/2.jpg`]).flat()

describe('evaluateIdentification()', () => {
  it('finds every mate: samples lie 2° apart at most, people 8° at least', async () => {
    const result = await evaluate(FOLDER)
    expect(result).to.include({ referenceCount: 4, matedSearchCount: 8, nonMatedSearchCount: 12, sampleCount: 24 })
    expect(result).to.include({ matedPersonCount: 4, nonMatedPersonCount: 4, failuresToExtract: 0, failuresToEnrol: 0 })
    expect(result.cmc.map(({ rate }) => rate)).to.deep.equal([1, 1, 1, 1])
    expect(result.cmc[0]?.lower95).to.be.closeTo(1 - (1 - 0.025 ** (1 / 4)), 1e-9) // four people
  })

  it('states FNIR where the strangers support it: 12 allow 3 false positives at 30 %, 1 at 10 %, none at 3 %', async () => {
    const { fpirPoints } = await evaluate(FOLDER)
    expect(fpirPoints.map(({ support }) => support)).to.deep.equal(['few', 'few', 'none', 'none', 'none'])
    expect(fpirPoints[0]?.falsePositiveCount).to.be.at.most(3)
    expect(fpirPoints[1]?.falsePositiveCount).to.be.at.most(1)
    // Strangers stand 8° and more away from everybody (cosine 0.990), mates 2° (0.999): no threshold of theirs misses a mate.
    expect(fpirPoints[1]?.threshold).to.be.below(0.9904)
    expect(fpirPoints[1]?.fnirRank1?.rate).to.equal(0)
    expect(fpirPoints[2]).to.include({ threshold: null, fnirRank1: null })
  })

  it('counts probes without a template as missed, and people without a reference as not enrolled', async () => {
    const names = [
      ...FOLDER,
      'P0/x.jpg',
      'P1/x.jpg',
      'P2/x.jpg',
      'P3/x.jpg',
      'P4/x.jpg',
      'P5/x.jpg',
      'P6/x.jpg',
      'P7/x.jpg',
    ]
    const result = await evaluate(names)
    expect(result.failuresToExtract).to.equal(8)
    expect(result.referenceCount + result.failuresToEnrol).to.equal(4)
    // Of each enrolled person one probe fails, unless the failure was the reference: then all three do.
    const missed = (4 - result.failuresToEnrol + 3 * result.failuresToEnrol) / 12
    expect(result.cmc[0]?.rate).to.be.closeTo(1 - missed, 1e-12)
  })

  it('is the same again for the same seed, and another experiment for another', async () => {
    expect(await evaluate(FOLDER)).to.deep.equal(await evaluate(FOLDER.toReversed()))
    const thresholds = await Promise.all(
      [3, 4, 5, 6].map(async (seed) => (await evaluate(FOLDER, { seed })).errorCurve),
    )
    expect(new Set(thresholds.map((curve) => JSON.stringify(curve))).size).to.be.above(1)
  })

  it('tells rates by group', async () => {
    const groups = new Map(Array.from({ length: 8 }, (_, p) => [`P${p}`, p < 4 ? 'low' : 'high']))
    const { groups: rates } = await evaluate(FOLDER, { groups })
    expect(rates?.groups.map(({ group, personCount }) => [group, personCount])).to.deep.equal([
      ['high', 4],
      ['low', 4],
    ])
    expect(rates?.fnirRatio).to.equal(null) // nobody is missed in any
    const counts = rates?.groups.map(({ falsePositive }) => falsePositive?.rate ?? 0) ?? []
    expect(Math.max(...counts)).to.be.above(0)
  })

  it('refuses groups that leave somebody out', async () => {
    const error = await expectCode('INVALID_ARGUMENT', evaluate(FOLDER, { groups: new Map([['P0', 'low']]) }))
    expect(error).to.include({ field: 'groups', got: '7 without one' })
  })

  it('tells how far it is: 24 samples, then 20 searches', async () => {
    const seen: (readonly [number, number])[] = []
    await evaluate(FOLDER, { onProgress: (done, total) => seen.push([done, total]) })
    expect(seen).to.deep.equal(Array.from({ length: 44 }, (_, i) => [i + 1, 44]))
  })

  it('refuses more comparisons than the space allows, and ends with the error of the extraction', async () => {
    const space = { comparisonsMax: 79 } as IdentificationInput<number>['space']
    await expectCode('LIMIT_EXCEEDED', evaluate(FOLDER, { space })) // 20 probes × 4 references
    const down = {
      extract: () => Promise.reject(new DomainError('UNAVAILABLE', 'an extractor', 'none')),
    } as unknown as IdentificationInput<number>['space']
    await expectCode('UNAVAILABLE', evaluate(FOLDER, { space: down }))
  })
})
