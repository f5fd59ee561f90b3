import { expect } from 'chai'
import { AssessmentService } from '../../src/services/assessment.js'
import { TemplateService } from '../../src/services/templates.js'
import { context, errorOf } from '../support/service-bench.js'
import { aFace, anImageOf, featuresAt, SyntheticAnalyser } from '../support/synthetic-analyser.js'

// Goal: what the two thin services add to the analyser. Method: the synthetic analyser.
describe('AssessmentService', () => {
  const service = new AssessmentService(new SyntheticAnalyser())

  it('reports every face and refuses none', async () => {
    const { outcome, faces } = await service.assess(anImageOf({ angleDeg: 0, quality: 1 }, { angleDeg: 9 }), context)
    expect(outcome).to.equal('assessed')
    expect(faces.map(({ quality }) => quality?.quality)).to.deep.equal([1, 80])
    expect((await service.assess(anImageOf(), context)).faces).to.deep.equal([])
  })

  it('wants an image', async () => {
    const nothing = service.assess(new Uint8Array(), context)
    expect(await errorOf(nothing)).to.deep.include({ code: 'INVALID_ARGUMENT', field: 'image' })
  })
})

describe('TemplateService', () => {
  const service = new TemplateService(new SyntheticAnalyser())

  it('gives a template for each face that is used', async () => {
    const image = anImageOf({ angleDeg: 10, sidePx: 50 }, { angleDeg: 20, sidePx: 90 })
    const angles = async (policy: 'all' | 'largest') =>
      (await service.extract(image, policy, context)).extracted.map(({ template }) => template.features)
    expect(await angles('all')).to.deep.equal([featuresAt(10), featuresAt(20)])
    expect(await angles('largest')).to.deep.equal([featuresAt(20)])
  })

  it('refuses with the reason', async () => {
    const several = service.extract(anImageOf({ angleDeg: 1 }, { angleDeg: 2 }), 'reject-several', context)
    expect(await errorOf(several)).to.have.property('code', 'MULTIPLE_FACES')
    expect(await errorOf(service.extract(aFace(0, 40), 'largest', context, 41))).to.deep.include({
      code: 'QUALITY_TOO_LOW',
      field: 'image',
    })
    expect(await errorOf(service.extract(aFace(0), 'all', context, 101))).to.have.property('field', 'minimum_quality')
  })
})
