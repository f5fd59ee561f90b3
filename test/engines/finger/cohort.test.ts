import { expect } from 'chai'
import { COHORT_MINUTIAE } from '../../../src/engines/finger/cohort-minutiae.js'
import { cohortFor, packCohort, unpackCohort } from '../../../src/engines/finger/cohort.js'
import { untrainedModel } from '../../support/finger/fingers.js'

describe('The cohort', () => {
  it('is 48 impressions that say something, and reads back as it was written', () => {
    const cohort = unpackCohort(COHORT_MINUTIAE)
    expect(cohort).to.have.length(48)
    for (const { x } of cohort) expect(x.length).to.be.within(8, 255)
    expect(packCohort(cohort)).to.equal(COHORT_MINUTIAE)
  })

  it('keeps places, angles and qualities as bytes say', () => {
    const one = {
      x: Float32Array.of(-1, 700),
      y: Float32Array.of(0, 12),
      angleRad: Float32Array.of(0, Math.PI),
      type: Uint8Array.of(0, 0),
      quality: Uint8Array.of(0, 100),
    }
    const none = { ...one, x: new Float32Array(), y: new Float32Array(), angleRad: new Float32Array() }
    const [first, second] = unpackCohort(packCohort([none, one]))
    expect(first?.x).to.have.length(0)
    expect(second).to.deep.equal(one)
  })

  it('is prepared once for each model', () => {
    const model = untrainedModel()
    expect(cohortFor(model)).to.equal(cohortFor(model))
    expect(cohortFor(untrainedModel())).to.not.equal(cohortFor(model))
  })
})
