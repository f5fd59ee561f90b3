import { expect } from 'chai'
import type { DetectedFace, Point } from '../../../../src/domain/face.js'
import { measureFraming } from '../../../../src/engines/face/measures/framing.js'
import { measurePose } from '../../../../src/engines/face/measures/pose.js'
import { measureSize } from '../../../../src/engines/face/measures/size.js'
import { aFace } from '../../../support/images.js'

// Goal: size, pose and framing in the units that they state. Method: boxes and eyes whose measures are seen at a glance.
function withEyes(rightEye: Point, leftEye: Point): DetectedFace {
  const face = aFace(0, 0, 100)
  const [, , nose, rightMouth, leftMouth] = face.landmarks
  return { ...face, landmarks: [rightEye, leftEye, nose, rightMouth, leftMouth] }
}

describe('measureSize()', () => {
  it('states the width of the box and the distance of the eyes in pixels', () => {
    const [size, eyes] = measureSize({
      ...withEyes({ x: 10, y: 10 }, { x: 40, y: 50 }),
      box: { x: 0, y: 0, width: 160, height: 90 },
    })
    expect(size).to.include({ measure: 'face-size', nativeQuality: 160, unit: 'px', quality: 100 })
    expect(size?.sentence).to.equal('The face is large enough. (160 px)')
    expect(eyes).to.include({ measure: 'inter-eye-distance', nativeQuality: 50, unit: 'px' }) // 30, 40, 50
  })

  it('advises to come closer when the face is tiny', () => {
    const [size, eyes] = measureSize(aFace(0, 0, 16))
    expect(size?.quality).to.equal(0)
    expect(size?.sentence).to.equal('The face is too small: come closer or use a higher resolution. (16 px)')
    expect(eyes?.quality).to.equal(0)
    expect(eyes?.sentence).to.match(/^The eyes are too few pixels apart: .* \(6 px\)$/)
  })

  it('never falls as the face grows', () => {
    const qualities = Array.from({ length: 60 }, (_, i) =>
      measureSize(aFace(0, 0, 4 * i + 4)).map(({ quality }) => quality),
    )
    for (let i = 1; i < qualities.length; i++)
      for (const k of [0, 1]) expect(qualities[i]?.[k]).to.be.at.least(qualities[i - 1]?.[k] as number)
  })
})

describe('measurePose()', () => {
  it('reads roll from the line between the eyes, positive when the image’s right one is lower', () => {
    const roll = (leftEye: Point) => measurePose(withEyes({ x: 0, y: 0 }, leftEye), null)[0]?.nativeQuality
    expect(roll({ x: 50, y: 0 })).to.equal(0)
    expect(roll({ x: 50, y: 50 })).to.be.closeTo(45, 1e-9)
    expect(roll({ x: 0, y: -50 })).to.be.closeTo(-90, 1e-9)
  })

  it('reports roll alone where there is no head-pose model', () => {
    expect(measurePose(aFace(0, 0, 100), null).map(({ measure }) => measure)).to.deep.equal(['roll'])
  })

  it('judges the size of an angle, not its direction', () => {
    const yaw = (yawDeg: number) => measurePose(aFace(0, 0, 100), { yawDeg, pitchDeg: 0 })[0]?.quality
    expect(yaw(0)).to.equal(100)
    for (const angleDeg of [5, 20, 40, 60]) expect(yaw(angleDeg)).to.equal(yaw(-angleDeg))
    expect(yaw(90)).to.equal(0)
  })

  it('tells the operator what to do about each angle', () => {
    const face = withEyes({ x: 0, y: 0 }, { x: 30, y: 60 }) // 63°
    const sentences = measurePose(face, { yawDeg: 60, pitchDeg: -60 }).map(({ sentence }) => sentence)
    expect(sentences).to.deep.equal([
      'The head is turned to the side: look into the camera. (60 deg)',
      'The head is tilted up or down: raise or lower the chin. (-60 deg)',
      'The head leans to one side: hold it upright. (63 deg)',
    ])
  })

  it('finds a frontal head fine', () => {
    for (const { quality, sentence } of measurePose(aFace(0, 0, 100), { yawDeg: 3, pitchDeg: -4 })) {
      expect(quality).to.equal(100)
      expect(sentence).to.match(/^The head (faces the camera|is level|is upright)\./)
    }
  })
})

describe('measureFraming()', () => {
  const framing = (face: DetectedFace, prominentCount = 1) => {
    const [cutOff, several] = measureFraming(face, 400, 300, prominentCount)
    if (cutOff === undefined || several === undefined) throw new Error('a measure is missing')
    return { cutOff, several }
  }

  it('finds a face whole that touches the border', () => {
    expect(framing(aFace(300, 200, 100)).cutOff).to.include({ nativeQuality: 1, quality: 100 })
  })

  it('states the share inside: half of the face beyond any one side, a quarter at a corner', () => {
    for (const face of [aFace(-50, 100, 100), aFace(350, 100, 100), aFace(100, -50, 100), aFace(100, 250, 100)])
      expect(framing(face).cutOff).to.include({ nativeQuality: 0.5, quality: 0 })
    expect(framing(aFace(-50, -50, 100)).cutOff.nativeQuality).to.equal(0.25)
    expect(framing(aFace(-50, 100, 100)).cutOff.sentence).to.match(/^The face is cut off: .* \(0\.50 ratio\)$/)
  })

  it('finds nothing of a face that is outside altogether', () => {
    expect(framing(aFace(500, 500, 100)).cutOff.nativeQuality).to.equal(0)
  })

  it('counts people', () => {
    expect(framing(aFace(0, 0, 50), 1).several).to.include({ nativeQuality: 1, quality: 100 })
    const two = framing(aFace(0, 0, 50), 2).several
    expect(two.quality).to.be.lessThan(40)
    expect(two.sentence).to.equal('Other people are in the image: show only one person. (2 count)')
    expect(framing(aFace(0, 0, 50), 9).several.quality).to.equal(0)
  })
})
