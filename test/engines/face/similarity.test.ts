import { expect } from 'chai'
import fc from 'fast-check'
import type { Point } from '../../../src/domain/face.js'
import { fitSimilarity, inverse, type Similarity } from '../../../src/engines/face/similarity.js'

// Goal: the transform behind every alignment. Method: points moved by a known transform must give it back.
const coordinate = fc.double({ min: -1000, max: 1000, noNaN: true })
const point = fc.record({ x: coordinate, y: coordinate })
const points = fc
  .array(point, { minLength: 2, maxLength: 8 })
  .filter((list) => list.some((p) => Math.hypot(p.x - (list[0]?.x ?? 0), p.y - (list[0]?.y ?? 0)) > 1))
const transform = fc
  .record({
    scale: fc.double({ min: 0.05, max: 20, noNaN: true }),
    angleRad: fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
    tx: coordinate,
    ty: coordinate,
  })
  .map(({ scale, angleRad, tx, ty }) => ({ a: scale * Math.cos(angleRad), b: scale * Math.sin(angleRad), tx, ty }))

function apply({ a, b, tx, ty }: Similarity, { x, y }: Point): Point {
  return { x: a * x - b * y + tx, y: b * x + a * y + ty }
}

function expectPoint(actual: Point, expected: Point, tolerancePx: number): void {
  expect(actual.x).to.be.closeTo(expected.x, tolerancePx)
  expect(actual.y).to.be.closeTo(expected.y, tolerancePx)
}

describe('fitSimilarity()', () => {
  it('gives back any rotation, scale and shift', () => {
    fc.assert(
      fc.property(points, transform, (from, wanted) => {
        const fitted = fitSimilarity(
          from,
          from.map((p) => apply(wanted, p)),
        )
        if (fitted === null) throw new Error('no transform was found')
        for (const p of from) expectPoint(apply(fitted, p), apply(wanted, p), 1e-6)
      }),
      { seed: 1, numRuns: 500 },
    )
  })

  it('turns by 90 degrees: (1, 0) goes to (0, 1)', () => {
    const fitted = fitSimilarity(
      [
        { x: 0, y: 0 },
        { x: 1, y: 0 },
      ],
      [
        { x: 0, y: 0 },
        { x: 0, y: 1 },
      ],
    )
    expect(fitted).to.deep.equal({ a: 0, b: 1, tx: 0, ty: 0 })
  })

  it('leaves an error that no other similarity makes smaller', () => {
    const from = [
      { x: 0, y: 0 },
      { x: 10, y: 0 },
      { x: 0, y: 10 },
    ]
    const to = [
      { x: 1, y: 2 },
      { x: 12, y: 1 },
      { x: 3, y: 13 },
    ]
    const best = fitSimilarity(from, to)
    if (best === null) throw new Error('no transform was found')
    const error = (t: Similarity) =>
      from.reduce((sum, p, i) => {
        const [moved, wanted] = [apply(t, p), to[i] as Point]
        return sum + (moved.x - wanted.x) ** 2 + (moved.y - wanted.y) ** 2
      }, 0)
    for (const key of ['a', 'b', 'tx', 'ty'] as const)
      for (const step of [-1e-3, 1e-3])
        expect(error({ ...best, [key]: best[key] + step })).to.be.greaterThan(error(best))
  })

  it('gives null for points that coincide, on either side', () => {
    const same = Array.from({ length: 5 }, () => ({ x: 3, y: 4 }))
    const apart = same.map((p, i) => ({ x: p.x + i, y: p.y }))
    expect(fitSimilarity(same, apart)).to.equal(null)
    expect(fitSimilarity(apart, same)).to.equal(null)
  })

  it('gives null, not a wrong transform, for coordinates that are no numbers', () => {
    const broken = [
      { x: NaN, y: 0 },
      { x: 1, y: 1 },
    ]
    const sound = [
      { x: 0, y: 0 },
      { x: 1, y: 1 },
    ]
    expect(fitSimilarity(broken, sound)).to.equal(null)
    expect(fitSimilarity(sound, broken)).to.equal(null)
  })
})

describe('inverse()', () => {
  it('undoes any transform', () => {
    fc.assert(
      fc.property(transform, point, (t, p) => expectPoint(apply(inverse(t), apply(t, p)), p, 1e-6)),
      { seed: 2, numRuns: 500 },
    )
  })
})
