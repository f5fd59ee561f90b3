import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { OnnxRunner } from '../../../src/adapters/onnx/onnx-runner.js'
import type { ModelDescription } from '../../../src/domain/models.js'
import type { Tensor } from '../../../src/domain/ports.js'
import { expectCode } from '../../support/errors.js'
import { describeWithWeights, MANIFEST } from '../../support/weights.js'

// Goal: a batch gives, image by image, what each image gives alone. Method: real models over inputs made of waves.
function input(model: ModelDescription, ...seeds: readonly number[]): Tensor {
  const [widthPx, heightPx] = [model.input.widthPx ?? 64, model.input.heightPx ?? 64]
  const size = 3 * widthPx * heightPx
  const data = new Float32Array(seeds.length * size)
  seeds.forEach((seed, n) => {
    for (let i = 0; i < size; i++) data[n * size + i] = 1 + Math.sin((i * seed) / 50)
  })
  return { dims: [seeds.length, 3, heightPx, widthPx], data }
}

describeWithWeights('OnnxRunner', (weightsFolder) => {
  let runner: OnnxRunner

  before(async () => {
    runner = await OnnxRunner.open(MANIFEST.models, weightsFolder)
  })

  for (const model of MANIFEST.models)
    it(`runs ${model.id}: three images at once as one by one`, async () => {
      const together = await runner.run(model, input(model, 1, 2, 3))
      const alone = await Promise.all([1, 2, 3].map((seed) => runner.run(model, input(model, seed))))
      const names = Object.keys(together)
      expect(names).to.include.members(Object.values(model.outputs))
      for (const name of names) {
        const { dims, data } = together[name] as Tensor
        expect(dims[0]).to.equal(3)
        expect(data).to.have.length(dims.reduce((product, dim) => product * dim, 1))
        const joined = alone.flatMap((outputs) => [...(outputs[name]?.data ?? [])])
        data.forEach((value, i) => expect(value).to.be.closeTo(joined[i] ?? NaN, 1e-3 + 1e-3 * Math.abs(value)))
      }
    })

  it('fills a last batch that is not full, and gives as many answers as questions', async () => {
    const recogniser = MANIFEST.models.find(({ role }) => role === 'face-recogniser') as ModelDescription
    const inPairs = { ...recogniser, input: { ...recogniser.input, batch: 2 } }
    const free = { ...recogniser, input: { ...recogniser.input, batch: null } }
    const name = recogniser.outputs.features ?? ''
    const [paired, whole] = [
      (await runner.run(inPairs, input(recogniser, 1, 2, 3)))[name],
      (await runner.run(free, input(recogniser, 1, 2, 3)))[name],
    ]
    expect(paired?.dims).to.deep.equal(whole?.dims)
    paired?.data.forEach((value, i) => expect(value).to.be.closeTo(whole?.data[i] ?? NaN, 1e-3))
  })

  it('refuses a model that was not opened', async () => {
    const [model] = MANIFEST.models as [ModelDescription]
    const error: unknown = await runner
      .run({ ...model, id: 'unknown' }, input(model, 1))
      .catch((reason: unknown) => reason)
    expect(String(error)).to.equal('Error: model unknown was not opened')
  })

  it('refuses a missing and a damaged file, without saying where it lies', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'portcullis-onnx-'))
    try {
      const [model] = MANIFEST.models as [ModelDescription]
      for (const prepare of [() => Promise.resolve(), () => writeFile(join(folder, model.file), 'no weights')]) {
        await prepare()
        const error = await expectCode('MODEL_NOT_INSTALLED', OnnxRunner.open([model], folder))
        expect(error.message).to.equal(`expected the weights of ${model.id}, got a file that is no model`)
      }
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
