import { expect } from 'chai'
import type { DetectedFace, FaceLandmarks } from '../../../src/domain/face.js'
import { alignFor, alignForMeasuring, MEASURE_CROP_PX } from '../../../src/engines/face/align.js'
import { aFace, anImage, flat, pixelAt } from '../../support/images.js'
import { MANIFEST } from '../../support/weights.js'

// Goal: landmarks land where each model wants them. Method: images that are dark but for a white dot on a landmark.
const model = (id: string) => {
  const found = MANIFEST.models.find((candidate) => candidate.id === id)
  if (found === undefined) throw new Error(`no model ${id}`)
  return found
}

/** A dark image with a white square of 9 px around each given point. */
function dotsAt(points: readonly { x: number; y: number }[]) {
  return anImage(300, 300, (x, y) => {
    const near = points.some((p) => Math.abs(p.x - x) <= 4 && Math.abs(p.y - y) <= 4)
    return near ? [255, 255, 255] : [20, 20, 20]
  })
}

/** The template's points turned by `angleRad`, enlarged and moved: a face that must come back to the template. */
function faceLike(points: FaceLandmarks, scale: number, angleRad: number): DetectedFace {
  const [a, b] = [scale * Math.cos(angleRad), scale * Math.sin(angleRad)]
  const at = ({ x, y }: { x: number; y: number }) => ({
    x: a * (x - 60) - b * (y - 70) + 150,
    y: b * (x - 60) + a * (y - 70) + 150,
  })
  const [p0, p1, p2, p3, p4] = points
  return {
    box: { x: 80, y: 60, width: 140, height: 160 },
    landmarks: [at(p0), at(p1), at(p2), at(p3), at(p4)],
    score: 1,
  }
}

describe('alignFor()', () => {
  for (const id of ['retail-0095', 'mobilefacenet-foamliu'])
    for (const [title, angleRad] of [
      ['upright', 0],
      ['leaning 30°', Math.PI / 6],
      ['upside down', Math.PI],
    ] as const)
      it(`moves the landmarks of a ${title} face to the template of ${id}`, () => {
        const recogniser = model(id)
        if (recogniser.alignment?.kind !== 'five-points') throw new Error('another template was expected')
        const { points } = recogniser.alignment
        const face = faceLike(points, 1.6, angleRad)
        const crop = alignFor(recogniser, dotsAt(face.landmarks), face)
        expect([crop.widthPx, crop.heightPx]).to.deep.equal([recogniser.input.widthPx, recogniser.input.heightPx])
        for (const { x, y } of points) expect(pixelAt(crop, Math.round(x), Math.round(y))[0]).to.be.greaterThan(240)
        expect(pixelAt(crop, 4, 4)[0]).to.be.lessThan(30)
      })

  it('moves the eyes and the middle of the mouth to the quality model’s template', () => {
    const quality = model('lightqnet-dm100')
    if (quality.alignment?.kind !== 'eyes-and-mouth') throw new Error('another template was expected')
    const [rightEye, leftEye, mouth] = quality.alignment.points
    const enlarged = (p: { x: number; y: number }, dx = 0) => ({ x: 2 * p.x + 40 + dx, y: 2 * p.y + 30 })
    const landmarks: FaceLandmarks = [
      enlarged(rightEye),
      enlarged(leftEye),
      { x: 0, y: 0 }, // the nose is not used
      enlarged(mouth, -20),
      enlarged(mouth, 20),
    ]
    const image = dotsAt([landmarks[0], landmarks[1], enlarged(mouth)])
    const crop = alignFor(quality, image, { box: { x: 0, y: 0, width: 200, height: 200 }, landmarks, score: 1 })
    for (const { x, y } of quality.alignment.points)
      expect(pixelAt(crop, Math.round(x), Math.round(y))[0]).to.be.greaterThan(240)
  })

  it('cuts an upright square around the box for the head-pose model, 1.1 times its longer side', () => {
    const pose = model('head-pose-adas-0001')
    // The square around 100 × 80 at (100, 110) is 110 px: x from 95 to 205, y from 95 to 205.
    const image = anImage(300, 300, (x, y) => (x >= 95 && x < 205 && y >= 95 && y < 205 ? [255, 255, 255] : [0, 0, 0]))
    const crop = alignFor(pose, image, aFace(100, 110, 100, 80))
    expect(crop.widthPx).to.equal(60)
    // The outermost pixels are means that reach one source pixel beyond the square.
    for (let y = 1; y < 59; y++) for (let x = 1; x < 59; x++) expect(pixelAt(crop, x, y)[0]).to.be.greaterThan(240)
  })

  it('falls back to the box when all landmarks coincide', () => {
    const p = { x: 150, y: 150 }
    const face: DetectedFace = {
      box: { x: 100, y: 100, width: 100, height: 100 },
      landmarks: [p, p, p, p, p],
      score: 1,
    }
    const image = anImage(300, 300, (x, y) =>
      x >= 100 && x < 200 && y >= 100 && y < 200 ? [255, 255, 255] : [0, 0, 0],
    )
    const crop = alignFor(model('retail-0095'), image, face)
    // The outermost pixels are means that reach one source pixel beyond the square.
    for (let y = 1; y < 59; y++) for (let x = 1; x < 59; x++) expect(pixelAt(crop, x, y)[0]).to.be.greaterThan(240)
  })

  it('refuses a model that takes no crop', () => {
    expect(() => alignFor(model('yunet-n'), flat(20, 20, 0), aFace(0, 0, 20))).to.throw('yunet-n takes no aligned crop')
  })
})

describe('alignForMeasuring()', () => {
  it('puts the eyes level and 48 px apart, whatever the size of the face', () => {
    for (const width of [60, 120, 200]) {
      const face = aFace(40, 40, width)
      const crop = alignForMeasuring(dotsAt(face.landmarks.slice(0, 2)), face)
      expect(crop.widthPx).to.equal(MEASURE_CROP_PX)
      expect(pixelAt(crop, 40, 50)[0]).to.be.greaterThan(240)
      expect(pixelAt(crop, 88, 50)[0]).to.be.greaterThan(240)
      expect(pixelAt(crop, 64, 50)[0]).to.be.lessThan(30)
    }
  })
})
