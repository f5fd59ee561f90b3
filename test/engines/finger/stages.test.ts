import { expect } from 'chai'
import fc from 'fast-check'
import { CELL_COUNT, fillCylinder, SECTION_COUNT } from '../../../src/engines/finger/cylinder.js'
import { Compatibility } from '../../../src/engines/finger/compatibility.js'
import { DescriptorCosines } from '../../../src/engines/finger/descriptor-kernel.js'
import { COMPARED_MAX, prepareFinger, type FingerFeatures } from '../../../src/engines/finger/features.js'
import { convexHull, isInside } from '../../../src/engines/finger/hull.js'
import { DESCRIPTOR_LENGTH } from '../../../src/engines/finger/model.js'
import { MinutiaPairs, OneToOne } from '../../../src/engines/finger/one-to-one.js'
import { Pairing } from '../../../src/engines/finger/pairing.js'
import { Placement } from '../../../src/engines/finger/placement.js'
import { Relaxation, scoredCount } from '../../../src/engines/finger/relaxation.js'
import { RigidMotion } from '../../../src/engines/finger/rigid.js'
import { randomFrom } from '../../../scripts/samples/random.js'
import { minutiaeOf, moved, scattered, type PlainMinutia } from '../../support/finger/minutiae.js'
import { FINGER_MODEL } from '../../support/finger/model.js'

// Goal: each stage of the matcher does what its docstring says. Method: cases of two to four minutiae at round places.
const cellsOf = (...minutiae: readonly PlainMinutia[]) => {
  const cells = new Float32Array(CELL_COUNT)
  fillCylinder(minutiaeOf(...minutiae), 0, cells)
  return cells
}
const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0)
const prepared = (...minutiae: readonly PlainMinutia[]): FingerFeatures =>
  prepareFinger(minutiaeOf(...minutiae), FINGER_MODEL)

function pairsOf(...pairs: readonly (readonly [probe: number, reference: number, weight: number])[]): MinutiaPairs {
  const made = new MinutiaPairs()
  for (const pair of pairs) made.add(...pair)
  return made
}

describe('The cylinder of a minutia', () => {
  it('has 52 places of 6 directions, and is empty without neighbours', () => {
    expect([CELL_COUNT, SECTION_COUNT]).to.deep.equal([312, 6])
    expect(sum(cellsOf([0, 0, 0]))).to.equal(0)
    expect(sum(cellsOf([0, 0, 0], [99, 0, 0])), '99 px is over 70 + 28').to.equal(0)
  })

  it('is fullest at the place and direction of its neighbour', () => {
    // The cell centre at (8.75, 8.75) px; the same direction is the border of sections 2 and 3 (−60…0° and 0…60°).
    const cells = cellsOf([0, 0, 0], [8.75, 8.75, 0])
    const fullest = cells.indexOf(Math.max(...cells))
    expect(fullest % SECTION_COUNT).to.be.oneOf([2, 3])
    // P(0 … 60°) of a normal of deviation 40° is Φ(1.5) − Φ(0) = 0.4332; 1 − exp(−2 · 0.4332) = 0.5796.
    expect(cells[fullest]).to.be.closeTo(0.5796, 2e-3)
  })

  it('turns with the finger', () => {
    const upright = cellsOf([0, 0, 0], [30, 10, 40], [-20, 35, 200])
    const turned = cellsOf([0, 0, 90], [-10, 30, 130], [-35, -20, 290])
    turned.forEach((cell, i) => expect(cell).to.be.closeTo(upright[i]!, 1e-4))
  })
})

describe('prepareFinger()', () => {
  it('takes none, one and 255 minutiae', () => {
    expect(prepareFinger(minutiaeOf(), FINGER_MODEL)).to.include({ count: 0, indexedCount: 0 })
    expect(prepared([5, 5, 0])).to.include({ count: 1, indexedCount: 1 })
    expect(prepareFinger(scattered('many', 255), FINGER_MODEL)).to.include({ count: COMPARED_MAX, indexedCount: 32 })
  })

  it('puts the best first, and of equally good ones those nearest the centre', () => {
    const { x } = prepared([0, 0, 0, 1, 10], [90, 0, 0, 1, 10], [30, 0, 0, 1, 10], [60, 0, 0, 1, 80])
    expect([...x]).to.deep.equal([60, 30, 0, 90])
  })

  it('gives descriptors of norm 1, and zeros without neighbours', () => {
    const { descriptors } = prepared([0, 0, 0], [20, 0, 10], [500, 500, 0])
    const norms = [0, 1, 2].map((i) =>
      Math.sqrt(sum(descriptors.subarray(i * DESCRIPTOR_LENGTH, (i + 1) * DESCRIPTOR_LENGTH).map((v) => v * v))),
    )
    const sorted = norms.sort()
    expect(sorted[0]).to.equal(0)
    expect(sorted[1]).to.be.closeTo(1, 1e-5)
    expect(sorted[2]).to.be.closeTo(1, 1e-5)
  })
})

describe('The cosines of descriptors', () => {
  it('are the dot products, as plain JavaScript adds them up', () => {
    const random = randomFrom('cosines')
    const rows = (count: number) =>
      Float32Array.from({ length: count * DESCRIPTOR_LENGTH }, () => random.between(-1, 1))
    const [a, b] = [rows(60), rows(7)]
    const cosines = new DescriptorCosines()
    cosines.measure(a, b)
    for (let i = 0; i < 60; i++)
      for (let j = 0; j < 7; j++) {
        let dot = 0
        for (let k = 0; k < DESCRIPTOR_LENGTH; k++) dot += a[i * DESCRIPTOR_LENGTH + k]! * b[j * DESCRIPTOR_LENGTH + k]!
        expect(cosines.values[i * COMPARED_MAX + j]).to.be.closeTo(dot, 1e-5)
      }
  })
})

describe('OneToOne', () => {
  const assigned = (...candidates: readonly (readonly [number, number, number])[]) => {
    const oneToOne = new OneToOne()
    const pairs = new MinutiaPairs()
    oneToOne.clear()
    for (const candidate of candidates) oneToOne.offer(...candidate)
    oneToOne.assign(pairs)
    return Array.from({ length: pairs.count }, (_, i) => [pairs.probe[i], pairs.reference[i]])
  }

  it('takes the best pair first, and each minutia once', () => {
    expect(assigned([0, 0, 0.5], [0, 1, 0.9], [1, 1, 0.8], [1, 0, 0.1])).to.deep.equal([
      [0, 1],
      [1, 0],
    ])
  })

  it('takes equal ones in the order of offering', () => {
    expect(assigned([0, 1, 0.5], [0, 0, 0.5])).to.deep.equal([[0, 1]])
  })

  it('never uses a minutia twice', () => {
    const candidate = fc.tuple(fc.nat(59), fc.nat(59), fc.double({ min: 0, max: 1, noNaN: true }))
    const unique = fc.uniqueArray(candidate, { selector: ([a, b]) => a * 60 + b, maxLength: 400 })
    fc.assert(
      fc.property(unique, (candidates) => {
        const pairs = assigned(...candidates)
        expect(new Set(pairs.map(([a]) => a)).size).to.equal(pairs.length)
        expect(new Set(pairs.map(([, b]) => b)).size).to.equal(pairs.length)
      }),
      { seed: 1, numRuns: 50 },
    )
  })
})

describe('Compatibility', () => {
  const square = [
    [0, 0, 0],
    [100, 0, 90],
    [0, 100, 45],
  ] as const
  const fits = (...reference: readonly PlainMinutia[]) => {
    const [a, b] = [minutiaeOf(...square), minutiaeOf(...reference)]
    // Not prepared, so that the minutiae keep their numbers.
    const features = (minutiae: typeof a) => ({ ...prepareFinger(minutiae, FINGER_MODEL), ...minutiae })
    const compatibility = new Compatibility()
    compatibility.measure(features(a), features(b), pairsOf([0, 0, 1], [1, 1, 1], [2, 2, 1]))
    return (t: number, k: number) => compatibility.values[t * COMPARED_MAX + k]!
  }

  it('is near 1 for the same arrangement, turned and shifted', () => {
    const fit = fits([50, 50, 90], [50, 150, 180], [-50, 50, 135]) // turned by 90°
    // Z(0; 5, −1.6) = 0.9997; Z(0; π/12, −30) = 0.9996.
    expect(fit(0, 1)).to.be.closeTo(0.999, 2e-3)
    expect(fit(1, 0)).to.equal(fit(0, 1))
    expect(fit(1, 1)).to.equal(0)
  })

  it('falls with stretch, less so over long ways', () => {
    // 100 px against 110: 10 px, of which strain of 1 % beyond 50 px forgives: 10 / (1 + .01 · 55) = 6.45; Z = 0.0894.
    const fit = fits([0, 0, 0], [110, 0, 90], [0, 100, 45])
    expect(fit(0, 1)).to.be.closeTo(0.0894, 2e-3)
    expect(fit(0, 2)).to.be.closeTo(0.999, 2e-3)
  })

  it('is 0 when directions do not agree', () => {
    expect(fits([0, 0, 0], [100, 0, 130], [0, 100, 45])(0, 1)).to.equal(0)
  })
})

describe('Relaxation', () => {
  it('scores 4 to 12 pairs, by the size of the smaller template', () => {
    expect([5, 20, 60].map(scoredCount)).to.deep.equal([4, 8, 12])
  })

  it('keeps weight where pairs support each other, and takes it from a stray one', () => {
    const probe = { ...prepared([0, 0, 0]), ...minutiaeOf([0, 0, 0], [60, 0, 0], [0, 60, 0], [60, 60, 0]), count: 4 }
    const reference = {
      ...prepared([0, 0, 0]),
      ...minutiaeOf([0, 0, 0], [60, 0, 0], [0, 60, 0], [200, 90, 0]),
      count: 4,
    }
    const relaxation = new Relaxation()
    relaxation.relax(probe, reference, pairsOf([0, 0, 0.8], [1, 1, 0.8], [2, 2, 0.8], [3, 3, 0.8]))
    // A round of the three: w ← (w + 2w/3) / 2 = 5w/6; five rounds: 0.8 · (5/6)^5 = 0.3215. The stray one halves: 0.8 / 32.
    expect(relaxation.relaxed[0]).to.be.closeTo(0.3215, 3e-3)
    expect(relaxation.relaxed[3]).to.be.closeTo(0.025, 1e-6)
    expect([...relaxation.bySupport.subarray(0, 3)]).to.have.members([0, 1, 2])
  })
})

describe('RigidMotion', () => {
  it('finds the turn and the shift', () => {
    const probe = scattered('rigid', 12)
    const features = prepareFinger(probe, FINGER_MODEL)
    const motion = new RigidMotion()
    const reference = { ...features, ...moved({ ...features, quality: features.type }, 25, 40, -30) }
    motion.fit(
      features,
      reference,
      pairsOf(...[0, 1, 2, 3].map((i) => [i, i, 1] as const)),
      new Float64Array(60).fill(1),
    )
    expect(Math.atan2(motion.sine, motion.cosine)).to.be.closeTo((25 * Math.PI) / 180, 1e-5)
    expect([motion.shiftX, motion.shiftY]).to.satisfy(([x, y]: number[]) => Math.hypot(x! - 40, y! + 30) < 1e-2)
  })

  it('turns by the direction of a single pair', () => {
    const motion = new RigidMotion()
    motion.fit(prepared([10, 0, 0]), prepared([0, 0, 90]), pairsOf([0, 0, 1]), Float64Array.of(1))
    // (10, 0) turned by 90° is (0, 10); it must come to lie on (0, 0).
    expect(motion.sine).to.be.closeTo(1, 1e-6)
    expect(motion.shiftY).to.be.closeTo(-10, 1e-5)
  })
})

describe('Pairing and Placement', () => {
  const placed = (probe: FingerFeatures, reference: FingerFeatures) => {
    const [placement, pairs, pairing] = [new Placement(), new MinutiaPairs(), new Pairing(new OneToOne())]
    placement.move(probe, new RigidMotion())
    pairing.takeReference(reference)
    pairing.pair(probe, placement, pairs)
    return { placement, pairs }
  }

  it('pair what lies within 15 px and 0.5 rad (28.6°)', () => {
    const count = (...minutia: readonly [number, number, number]) =>
      placed(prepared([0, 0, 0]), prepared([...minutia])).pairs.count
    expect([count(14, 0, 0), count(16, 0, 0), count(0, -14, 28), count(0, 0, 30), count(0, 0, -28)]).to.deep.equal([
      1, 0, 1, 0, 1,
    ])
    // 1 − ((9/15)² + 0) / 2
    expect(placed(prepared([0, 0, 0]), prepared([9, 0, 0])).pairs.weight[0]).to.be.closeTo(0.82, 1e-6)
  })

  it('bend a minutia by what is left over at the others, not by its own pair', () => {
    const probe = prepared([0, 0, 0], [60, 0, 0])
    const { placement } = placed(probe, probe)
    const reference = { ...probe, x: probe.x.map((x) => x + (x > 30 ? 8 : 0)) }
    placement.bend(probe, reference, pairsOf([0, 0, 1], [1, 1, 1]))
    const [still, dragged] = probe.x[0] === 0 ? [0, 1] : [1, 0]
    // 60 px away weighs 1 / (1 + 1)² = 1/4 against the rigid weight of 1: 8 · 0.25 / 1.25 = 1.6.
    expect(placement.x[still]).to.be.closeTo(1.6, 1e-5)
    expect(placement.x[dragged]).to.be.closeTo(60, 1e-5)
  })
})

describe('The convex hull', () => {
  const hullOf = (...points: readonly (readonly [number, number])[]) =>
    convexHull(
      Float32Array.from(points, ([x]) => x),
      Float32Array.from(points, ([, y]) => y),
    )

  it('has the corners of a square, counter-clockwise', () => {
    expect([...hullOf([0, 0], [4, 4], [2, 2], [4, 0], [2, 0], [0, 4])]).to.deep.equal([0, 0, 4, 0, 4, 4, 0, 4])
  })

  it('takes points on one line, on one place, and none', () => {
    expect([...hullOf([1, 1], [3, 3], [2, 2])]).to.deep.equal([1, 1, 3, 3])
    expect(hullOf([5, 5], [5, 5], [5, 5]).length).to.be.at.most(4)
    expect(hullOf()).to.have.length(0)
    expect(isInside(hullOf([1, 1], [3, 3]), 2, 2, 9)).to.equal(false)
  })

  it('holds its points, and those within the margin', () => {
    const hull = hullOf([0, 0], [10, 0], [10, 10], [0, 10])
    expect([isInside(hull, 5, 5, 0), isInside(hull, 12, 5, 1), isInside(hull, 12, 5, 3)]).to.deep.equal([
      true,
      false,
      true,
    ])
    const point = fc.tuple(fc.nat(300), fc.nat(300))
    fc.assert(
      fc.property(fc.array(point, { minLength: 3, maxLength: 60 }), (points) => {
        const corners = hullOf(...points)
        if (corners.length >= 6) for (const [x, y] of points) expect(isInside(corners, x, y, 1e-3)).to.equal(true)
      }),
      { seed: 2, numRuns: 100 },
    )
  })
})
