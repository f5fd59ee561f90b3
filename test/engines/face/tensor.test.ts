import { expect } from 'chai'
import type { InputSpec } from '../../../src/domain/models.js'
import { toTensor } from '../../../src/engines/face/tensor.js'
import { anImage, flat } from '../../support/images.js'

// Goal: models see their channel order, scale and layout. Method: a 2 × 2 image with twelve different bytes.
const PLAIN: InputSpec = {
  name: 'input',
  widthPx: null,
  heightPx: null,
  batch: null,
  colourOrder: 'RGB',
  mean: [0, 0, 0],
  std: [1, 1, 1],
}
const four = anImage(2, 2, (x, y) => {
  const index = y * 2 + x
  return [index, 10 + index, 20 + index]
})

describe('toTensor()', () => {
  it('writes planes in RGB order, row by row', () => {
    const tensor = toTensor([four], PLAIN, 2, 2)
    expect(tensor.dims).to.deep.equal([1, 3, 2, 2])
    expect([...tensor.data]).to.deep.equal([0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23])
  })

  it('writes planes in BGR order where the model wants that', () => {
    const tensor = toTensor([four], { ...PLAIN, colourOrder: 'BGR' }, 2, 2)
    expect([...tensor.data]).to.deep.equal([20, 21, 22, 23, 10, 11, 12, 13, 0, 1, 2, 3])
  })

  it('subtracts the mean and divides by the deviation of the channel in the model’s own order', () => {
    const spec: InputSpec = { ...PLAIN, colourOrder: 'BGR', mean: [20, 10, 0], std: [2, 4, 8] }
    const tensor = toTensor([four], spec, 2, 2)
    expect([...tensor.data]).to.deep.equal([0, 0.5, 1, 1.5, 0, 0.25, 0.5, 0.75, 0, 0.125, 0.25, 0.375])
  })

  it('puts images of a batch one after the other', () => {
    const tensor = toTensor([flat(2, 2, 1), flat(2, 2, 2)], PLAIN, 2, 2)
    expect(tensor.dims).to.deep.equal([2, 3, 2, 2])
    expect([...tensor.data]).to.deep.equal([...Array<number>(12).fill(1), ...Array<number>(12).fill(2)])
  })

  it('surrounds a smaller image with zero bytes, at the right and below', () => {
    const tensor = toTensor([flat(2, 1, 9)], PLAIN, 3, 2)
    expect([...tensor.data.subarray(0, 6)]).to.deep.equal([9, 9, 0, 0, 0, 0])
  })

  it('normalises the surrounding zero bytes like any other', () => {
    const spec: InputSpec = { ...PLAIN, mean: [128, 128, 128], std: [128, 128, 128] }
    const tensor = toTensor([flat(1, 1, 255)], spec, 2, 1)
    expect(tensor.data[0]).to.be.closeTo(127 / 128, 1e-6)
    expect(tensor.data[1]).to.equal(-1) // (0 − 128) / 128
  })
})
