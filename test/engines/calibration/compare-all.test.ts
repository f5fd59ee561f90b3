import { expect } from 'chai'
import { backgroundContext } from '../../../src/domain/context.js'
import { compareAll, SAMPLES_MAX } from '../../../src/engines/calibration/compare-all.js'
import { expectCode } from '../../support/errors.js'

// Goal: every two samples are compared once, sorted, and what cannot be calibrated is refused. Method: samples that are numbers.
const nothing = () => undefined
const context = backgroundContext('test')
const people = (...values: readonly (readonly [person: string, value: number])[]) =>
  values.map(([person, features]) => ({ person, features }))
const product = (a: number, b: number) => a * b

describe('compareAll()', () => {
  it('compares every two samples once, the greatest score first', async () => {
    const { persons, personCount, mated, nonMated } = await compareAll(
      people(['a', 1], ['b', 2], ['a', 3], ['c', -4]),
      product,
      nothing,
      context,
    )
    expect([...persons]).to.deep.equal([0, 1, 0, 2])
    expect(personCount).to.equal(3)
    expect([...mated.scores]).to.deep.equal([3])
    expect([...nonMated.scores]).to.deep.equal([6, 2, -4, -8, -12])
    expect([...nonMated.first]).to.deep.equal([1, 0, 0, 1, 2])
    expect([...nonMated.second]).to.deep.equal([2, 1, 3, 3, 3])
  })

  it('rounds scores to a millionth, so that the order of a sum changes no file', async () => {
    const { nonMated } = await compareAll(people(['a', 1], ['a', 1], ['b', 0.123456789]), product, nothing, context)
    expect([...nonMated.scores]).to.deep.equal([0.123457, 0.123457])
  })

  it('tells how far it is', async () => {
    const told: (readonly [number, number])[] = []
    await compareAll(people(['a', 1], ['a', 1], ['b', 2]), product, (done, total) => told.push([done, total]), context)
    expect(told.at(-1)).to.deep.equal([3, 3])
  })

  for (const value of [NaN, Infinity, 1000])
    it(`refuses the score ${value}`, async () => {
      const samples = people(['a', 1], ['a', 1], ['b', value])
      await expectCode('INVALID_ARGUMENT', compareAll(samples, product, nothing, context))
    })

  it('refuses one class only', async () => {
    const error = await expectCode(
      'INVALID_ARGUMENT',
      compareAll(people(['a', 1], ['b', 2]), product, nothing, context),
    )
    expect(error.got).to.equal('no two samples of one person')
    const other = await expectCode(
      'INVALID_ARGUMENT',
      compareAll(people(['a', 1], ['a', 2]), product, nothing, context),
    )
    expect(other.got).to.equal('samples of one person only')
  })

  it('refuses more samples than it can hold, before it compares any', async () => {
    const many = Array.from({ length: SAMPLES_MAX + 1 }, (_, i) => ({ person: String(i), features: 1 }))
    await expectCode('LIMIT_EXCEEDED', compareAll(many, product, nothing, context))
  })

  it('stops when nobody waits any more', async () => {
    const context = { ...backgroundContext('test'), signal: AbortSignal.abort() }
    await expectCode('CANCELLED', compareAll(people(['a', 1], ['b', 2]), product, nothing, context))
  })
})
