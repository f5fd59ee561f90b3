import { expect } from 'chai'
import type { Tensor } from '../../../src/domain/ports.js'
import { decodeYunet, YUNET_STRIDES } from '../../../src/engines/face/yunet.js'

// Goal: the detector's output is read as its authors define it. Method: tensors made by hand for a 64 × 64 input,
// which has 8 × 8 cells of stride 8, 4 × 4 of stride 16 and 2 × 2 of stride 32; all are zero but one cell.
const SIDE_PX = 64

interface Cell {
  readonly stride: 8 | 16 | 32
  readonly column: number
  readonly row: number
  readonly cls: number
  readonly obj: number
  readonly box: readonly number[]
  readonly points: readonly number[]
}

function outputsWith(...cells: readonly Cell[]): Record<string, Tensor> {
  const outputs: Record<string, Tensor> = {}
  for (const stride of YUNET_STRIDES) {
    const count = (SIDE_PX / stride) ** 2
    const tensor = (size: number) => ({ dims: [1, count, size], data: new Float32Array(count * size) })
    const [cls, obj, bbox, kps] = [tensor(1), tensor(1), tensor(4), tensor(10)]
    for (const cell of cells.filter((candidate) => candidate.stride === stride)) {
      const index = cell.row * (SIDE_PX / stride) + cell.column
      cls.data[index] = cell.cls
      obj.data[index] = cell.obj
      bbox.data.set(cell.box, index * 4)
      kps.data.set(cell.points, index * 10)
    }
    Object.assign(outputs, {
      [`cls_${stride}`]: cls,
      [`obj_${stride}`]: obj,
      [`bbox_${stride}`]: bbox,
      [`kps_${stride}`]: kps,
    })
  }
  return outputs
}

const CELL: Cell = {
  stride: 8,
  column: 3,
  row: 5,
  cls: 0.9,
  obj: 0.4,
  box: [0.5, 0.25, Math.log(2), Math.log(3)],
  points: [0, 0, 1, 0, 0.5, 0.5, 0, 1, 1, 1],
}

describe('decodeYunet()', () => {
  it('reads one cell: centre, size and landmarks in pixels', () => {
    const faces = decodeYunet(outputsWith(CELL), SIDE_PX, 0.5)
    expect(faces).to.have.length(1)
    const [face] = faces
    expect(face?.score).to.be.closeTo(0.6, 1e-6) // √(0.9 · 0.4)
    // centre (3.5 · 8, 5.25 · 8) = (28, 42), size 2 · 8 by 3 · 8
    expect(face?.box.x).to.be.closeTo(20, 1e-4)
    expect(face?.box.y).to.be.closeTo(30, 1e-4)
    expect(face?.box.width).to.be.closeTo(16, 1e-4)
    expect(face?.box.height).to.be.closeTo(24, 1e-4)
    expect(face?.landmarks).to.deep.equal([
      { x: 24, y: 40 },
      { x: 32, y: 40 },
      { x: 28, y: 44 },
      { x: 24, y: 48 },
      { x: 32, y: 48 },
    ])
  })

  it('measures in units of each level’s stride', () => {
    const at = (stride: 8 | 16 | 32) =>
      decodeYunet(outputsWith({ ...CELL, stride, column: 1, row: 1, box: [0, 0, 0, 0] }), SIDE_PX, 0.5)[0]?.box
    expect(at(8)).to.deep.equal({ x: 4, y: 4, width: 8, height: 8 })
    expect(at(16)).to.deep.equal({ x: 8, y: 8, width: 16, height: 16 })
    expect(at(32)).to.deep.equal({ x: 16, y: 16, width: 32, height: 32 })
  })

  it('reads the cells row by row when the input is wider than high', () => {
    const wide = outputsWith()
    const cls = new Float32Array(2 * 8) // 16 px high, 64 px wide: 8 columns and 2 rows of stride 8
    cls[9] = 1 // column 1, row 1
    Object.assign(wide, { cls_8: { dims: [1, 16, 1], data: cls }, obj_8: { dims: [1, 16, 1], data: cls } })
    expect(decodeYunet(wide, SIDE_PX, 0.5)[0]?.landmarks[0]).to.deep.equal({ x: 8, y: 8 })
  })

  it('takes scores at the threshold and leaves those below', () => {
    const outputs = outputsWith({ ...CELL, cls: 0.25, obj: 1 })
    expect(decodeYunet(outputs, SIDE_PX, 0.5)).to.have.length(1)
    expect(decodeYunet(outputs, SIDE_PX, 0.501)).to.have.length(0)
  })

  it('holds outputs above 1 and below 0 to that range', () => {
    expect(decodeYunet(outputsWith({ ...CELL, cls: 3, obj: 1.5 }), SIDE_PX, 0.5)[0]?.score).to.equal(1)
    expect(decodeYunet(outputsWith({ ...CELL, cls: -1, obj: -1 }), SIDE_PX, 0.5)).to.have.length(0)
  })

  it('gives all cells, overlapping or not', () => {
    const neighbours = outputsWith(CELL, { ...CELL, column: 4 }, { ...CELL, stride: 16, column: 1, row: 1 })
    expect(decodeYunet(neighbours, SIDE_PX, 0.5)).to.have.length(3)
  })

  it('says which output is missing', () => {
    const { obj_16: _, ...rest } = outputsWith(CELL)
    expect(() => decodeYunet(rest, SIDE_PX, 0.5)).to.throw('obj_16')
  })
})
