import { status as Code } from '@grpc/grpc-js'
import { expect } from 'chai'
import type { ModelDescription } from '../../src/domain/models.js'
import { definitions } from '../../src/api/proto.js'
import { aFace, noFace, severalFaces } from './support/faces.js'
import { startService, type RunningService } from './support/running-service.js'

const { Assess } = definitions.quality
const { Extract } = definitions.templates
const { ListModels } = definitions.models

// Goal: the services around enrolment and search, over the wire. Method: faces at known angles.
describe('QualityService, TemplateService and ModelService over gRPC', () => {
  let service: RunningService
  const told = {
    role: 'face-detector',
    sha256: 'ab'.repeat(32),
    licence: 'Apache-2.0',
    caveats: 'Misses faces below 40 px.',
  } as const
  const model: ModelDescription = {
    ...told,
    id: 'detector',
    kind: 'yunet',
    file: 'detector.onnx',
    bytes: 1,
    input: { name: 'in', widthPx: null, heightPx: null, batch: 1, colourOrder: 'RGB', mean: [0, 0, 0], std: [1, 1, 1] },
    outputs: {},
    nativeRange: null,
    featureCount: null,
    alignment: null,
    upstream: { repository: 'https://example.org', commit: 'c', url: null, note: '' },
  }
  const source = {
    data: 'a hundred people',
    personCount: 100,
    sampleCount: 250,
    failuresToExtract: 1,
    nonMatedCount: 30_000,
    matedCount: 200,
    matedPersonCount: 80,
    date: '2026-11-23',
    command: 'portcullis calibrate',
  }
  before(async () => {
    service = await startService({
      listModels: () => ({
        models: [
          { model, state: 'installed', inUse: true },
          { model, state: 'missing', inUse: false },
          { model, state: 'damaged', inUse: false },
        ],
        algorithm: 'space@0123456789ab',
        featureCount: 16,
        calibrations: [
          { algorithm: 'space@0123456789ab', file: 'space.json', state: 'usable', source, resolution: 1e-4 },
          {
            algorithm: 'minutiae@0123456789ab',
            file: 'minutiae.json',
            state: 'absent',
            source: null,
            resolution: null,
          },
        ],
      }),
    })
  })
  after(() => service.stop())

  it('assesses every face, and an image without one gives an empty list', async () => {
    const assessed = await service.client.call(Assess, { image: { data: severalFaces() } })
    expect(assessed.faces).to.have.length.greaterThan(1)
    for (const { quality } of assessed.faces) expect(quality?.quality).to.be.within(0, 100)
    const empty = await service.client.call(Assess, { image: { data: noFace() } })
    expect(empty.faces).to.deep.equal([])
    const none = await service.client.refusal(Assess, {})
    expect(none.badRequest?.fieldViolations[0]?.field).to.equal('image')
  })

  it('extracts templates whose dot product is the cosine of their angle', async () => {
    const templates = []
    for (const angleDeg of [0, 60]) {
      const { extracted } = await service.client.call(Extract, { image: { data: aFace(angleDeg) } })
      expect(extracted.map(({ faceIndex }) => faceIndex)).to.deep.equal([0])
      expect(extracted[0]?.template?.algorithm).to.equal(service.analyser.algorithm.algorithm)
      templates.push(extracted[0]?.template?.features ?? [])
    }
    const [first = [], second = []] = templates
    const dot = first.reduce((sum, value, i) => sum + value * (second[i] ?? 0), 0)
    expect(dot).to.be.closeTo(0.5, 1e-6) // cos 60°
  })

  it('refuses an image that yields no template, with reasons', async () => {
    const faceless = await service.client.refusal(Extract, { image: { data: noFace() } })
    expect([faceless.code, faceless.errorInfo?.reason]).to.deep.equal([Code.FAILED_PRECONDITION, 'NO_FACE'])
    expect(faceless.preconditionFailure?.violations[0]).to.include({ type: 'NO_FACE', subject: 'image' })

    const several = await service.client.refusal(Extract, { image: { data: severalFaces() } })
    expect(several.errorInfo?.reason).to.equal('MULTIPLE_FACES')
    const poor = await service.client.refusal(Extract, { image: { data: aFace(0) }, minimumQuality: 81 }) // it has 80
    expect(poor.errorInfo?.reason).to.equal('QUALITY_TOO_LOW')
    const all = await service.client.call(Extract, { image: { data: severalFaces() }, multiFace: 'MULTI_FACE_ALL' })
    expect(all.extracted).to.have.length(all.faces.length)
  })

  it('lists the models and the space in use', async () => {
    const { models, algorithm } = await service.client.call(ListModels, {})
    expect(models).to.deep.equal([
      { ...told, modelId: 'detector', state: 'MODEL_STATE_INSTALLED', inUse: true },
      { ...told, modelId: 'detector', state: 'MODEL_STATE_MISSING', inUse: false },
      { ...told, modelId: 'detector', state: 'MODEL_STATE_DAMAGED', inUse: false },
    ])
    expect(algorithm).to.equal('space@0123456789ab')
  })

  it('says which error rates can be asked for, and from which data they are known', async () => {
    const { calibrations } = await service.client.call(ListModels, {})
    const [usable, absent] = calibrations
    expect(usable).to.deep.equal({
      algorithm: 'space@0123456789ab',
      state: 'CALIBRATION_STATE_USABLE',
      measuredOn: 'a hundred people',
      date: '2026-11-23',
      personCount: 100,
      sampleCount: 250,
      resolution: 1e-4,
    })
    expect(absent).to.deep.include({ algorithm: 'minutiae@0123456789ab', state: 'CALIBRATION_STATE_ABSENT' })
  })
})
