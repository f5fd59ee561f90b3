import { expect } from 'chai'
import { chooseFaces, prominentIndexes } from '../../../src/engines/face/choose.js'
import { aFace, flat } from '../../support/images.js'

// Goal: which faces are used. Method: boxes in a 600 × 400 image whose middle is (300, 200). Faces come largest first.
const image = flat(600, 400, 0)
const large = aFace(0, 0, 120)
const medium = aFace(250, 150, 100) // its middle is the image's
const bystander = aFace(500, 0, 39) // less than a third of 120

describe('chooseFaces()', () => {
  it('refuses an image without a face, whatever the policy', () => {
    for (const policy of ['reject-several', 'largest', 'most-central', 'all'] as const) {
      const choice = chooseFaces([], image, policy)
      expect(choice).to.have.nested.property('refusal.code', 'NO_FACE')
      expect(choice)
        .to.have.nested.property('refusal.reasons[0]')
        .that.matches(/^No face was found: .*\.$/)
    }
  })

  it('reject-several takes the only face', () => {
    expect(chooseFaces([large], image, 'reject-several')).to.deep.equal({ indexes: [0] })
  })

  it('reject-several refuses two people, and says how many were seen', () => {
    expect(chooseFaces([large, medium], image, 'reject-several')).to.deep.equal({
      refusal: { code: 'MULTIPLE_FACES', reasons: ['2 faces were found: show only one person.'] },
    })
  })

  it('reject-several does not count bystanders', () => {
    expect(chooseFaces([large, bystander], image, 'reject-several')).to.deep.equal({ indexes: [0] })
    const justLargeEnough = aFace(500, 0, 40)
    expect(chooseFaces([large, justLargeEnough], image, 'reject-several')).to.have.property('refusal')
  })

  it('largest takes the first, also of equals', () => {
    expect(chooseFaces([large, medium], image, 'largest')).to.deep.equal({ indexes: [0] })
    expect(chooseFaces([medium, aFace(0, 0, 100)], image, 'largest')).to.deep.equal({ indexes: [0] })
  })

  it('most-central takes the face nearest to the middle', () => {
    expect(chooseFaces([large, medium], image, 'most-central')).to.deep.equal({ indexes: [1] })
  })

  it('most-central measures in units of the face itself: a near large face beats a nearer tiny one', () => {
    const near = aFace(240, 100, 200) // its middle (340, 200) is 40 px off: 0.2 of its width
    const tiny = aFace(310, 190, 20) // its middle (320, 200) is 20 px off: 1 of its width
    expect(chooseFaces([near, tiny], image, 'most-central')).to.deep.equal({ indexes: [0] })
  })

  it('most-central takes the larger of two that are equally central', () => {
    const left = aFace(100, 150, 100)
    const right = aFace(400, 150, 100)
    expect(chooseFaces([left, right], image, 'most-central')).to.deep.equal({ indexes: [0] })
  })

  it('all takes every face, bystanders too', () => {
    expect(chooseFaces([large, medium, bystander], image, 'all')).to.deep.equal({ indexes: [0, 1, 2] })
  })
})

describe('prominentIndexes()', () => {
  it('measures against the widest face, wherever it stands', () => {
    const high = aFace(0, 0, 30, 500) // the largest area, and narrow
    expect(prominentIndexes([high, large])).to.deep.equal([1])
  })

  it('is empty without faces', () => {
    expect(prominentIndexes([])).to.deep.equal([])
  })
})
