import { expect } from 'chai'
import { verifyModel } from '../../../src/adapters/models/verify.js'
import { OnnxRunner } from '../../../src/adapters/onnx/onnx-runner.js'
import { MANIFEST } from '../../support/weights.js'

/** The weights that this project made and committed; issue: at most 3 MB a recogniser. */
const BYTES_MAX = 3_000_000
const NO_FOLDER = '/nonexistent'

// Goal: a fresh clone has its own weights, without a mirror and without a network. Method: the committed files themselves, with a
// weights folder that does not exist.
describe('the weights of models/own', () => {
  const shipped = MANIFEST.models.filter((model) => model.shippedFolder !== undefined)
  const recogniser = shipped.find(({ role }) => role === 'face-recogniser')

  it('hold a recogniser', () => {
    expect(recogniser?.id).to.equal('portcullis-recogniser-1')
  })

  for (const model of shipped)
    it(`are whole and small (${model.id})`, async () => {
      expect(await verifyModel(model, NO_FOLDER)).to.include({ state: 'installed', reason: '' })
      expect(model.bytes).to.be.at.most(BYTES_MAX)
    })

  it('give one row of features for each face, the same alone and in a batch', async () => {
    if (recogniser === undefined) throw new Error('models/own holds no recogniser')
    const runner = await OnnxRunner.open([recogniser], NO_FOLDER)
    const size = 3 * 112 * 112
    const faces = Float32Array.from({ length: 2 * size }, (_, i) => Math.sin(i * i)) // any two different inputs
    const run = async (data: Float32Array) =>
      (await runner.run(recogniser, { dims: [data.length / size, 3, 112, 112], data })).features
    const [both, second] = [await run(faces), await run(faces.slice(size))]
    expect(both?.dims).to.deep.equal([2, recogniser.featureCount])
    const expected = [...(second?.data ?? [])]
    const got = [...(both?.data.slice(recogniser.featureCount ?? 0) ?? [])]
    expect(got.length).to.equal(recogniser.featureCount)
    got.forEach((value, i) => expect(value).to.be.closeTo(expected[i] ?? NaN, 1e-3 * Math.abs(value) + 1e-4))
  })
})
