import { readFile } from 'node:fs/promises'
import { expect } from 'chai'
import { SharpDecoder } from '../../../src/adapters/image/sharp-decoder.js'
import { OnnxRunner } from '../../../src/adapters/onnx/onnx-runner.js'
import { intersectionOverUnion, type DetectedFace } from '../../../src/domain/face.js'
import type { RgbImage } from '../../../src/domain/image.js'
import { detectFaces } from '../../../src/engines/face/detect.js'
import { mirrored, warp } from '../../../src/engines/face/warp.js'
import { anImage, flat, pasted } from '../../support/images.js'
import { describeWithFaces, MODELS_AT_HAND } from '../../support/weights.js'

// Goal: faces are found where they are, at every size. Method: one photograph, moved, enlarged, repeated and mirrored.
describeWithFaces('detectFaces()', (files, weightsFolder) => {
  const { detector } = MODELS_AT_HAND
  let runner: OnnxRunner
  let photo: RgbImage
  let alone: DetectedFace

  before(async () => {
    runner = await OnnxRunner.open([detector], weightsFolder)
    const { image } = await new SharpDecoder().decode(await readFile(files[0] ?? ''))
    photo = resized(image, 250)
    const [face] = await detect(photo)
    if (face === undefined) throw new Error('the first photograph shows no face')
    alone = face
  })

  const detect = (image: RgbImage) => detectFaces(image, detector, runner)

  function expectNear(face: DetectedFace | undefined, expected: DetectedFace, tolerancePx: number): void {
    expect(face?.box.x).to.be.closeTo(expected.box.x, tolerancePx)
    expect(face?.box.y).to.be.closeTo(expected.box.y, tolerancePx)
    expect(face?.box.width).to.be.closeTo(expected.box.width, tolerancePx)
    face?.landmarks.forEach((point, i) => {
      expect(point.x).to.be.closeTo(expected.landmarks[i]?.x ?? NaN, tolerancePx)
      expect(point.y).to.be.closeTo(expected.landmarks[i]?.y ?? NaN, tolerancePx)
    })
  }

  it('finds the landmarks in their order: the right eye at the image’s left, the mouth below the nose', () => {
    const [rightEye, leftEye, nose, rightMouth, leftMouth] = alone.landmarks
    expect(rightEye.x).to.be.lessThan(leftEye.x)
    expect(rightMouth.x).to.be.lessThan(leftMouth.x)
    expect(nose.y).to.be.within(Math.max(rightEye.y, leftEye.y), Math.min(rightMouth.y, leftMouth.y))
  })

  it('finds nothing in a flat, a black, a tiny and a noisy image', async () => {
    const noise = anImage(200, 200, (x, y) => [(x * 73 + y * 151) % 256, (x * y * 7) % 256, (x * 31) % 256])
    for (const image of [flat(300, 200, 128), flat(64, 64, 0), flat(16, 16, 200), noise])
      expect(await detect(image)).to.deep.equal([])
  })

  it('finds the face again where it was moved to, in pixels of the whole image', async () => {
    const [dx, dy] = [333, 111]
    const faces = await detect(pasted(flat(800, 500, 100), [[photo, dx, dy]]))
    expect(faces).to.have.length(1)
    expectNear(faces[0], moved(alone, dx, dy), alone.box.width / 10) // found at two sizes: it wavers
  })

  it('finds the face in an image enlarged eight times', async () => {
    const [face, ...more] = await detect(resized(photo, Math.max(photo.widthPx, photo.heightPx) * 8))
    expect(more).to.have.length(0)
    expect(intersectionOverUnion(face?.box ?? alone.box, times(alone, 8).box)).to.be.greaterThan(0.75)
  })

  it('finds a small face in a large image', async () => {
    const small = resized(photo, 100)
    const faces = await detect(pasted(flat(1800, 1200, 100), [[small, 1500, 900]]))
    expect(faces).to.have.length(1)
    expect(faces[0]?.box.x).to.be.within(1500, 1600)
  })

  it('finds the mirror image at the mirrored place', async () => {
    const [face] = await detect(mirrored(photo))
    const middle = photo.widthPx - (alone.box.x + alone.box.width / 2)
    expect((face?.box.x ?? 0) + (face?.box.width ?? 0) / 2).to.be.closeTo(middle, 5)
  })

  it('gives each face once, the largest first', async () => {
    const half = resized(photo, 125)
    const faces = await detect(
      pasted(flat(900, 600, 100), [
        [half, 20, 30],
        [photo, 300, 200],
      ]),
    )
    expect(faces).to.have.length(2)
    expect(faces[0]?.box.width).to.be.greaterThan(1.5 * (faces[1]?.box.width ?? NaN))
    expect(faces[0]?.box.x).to.be.greaterThan(300)
  })

  it('finds everyone in a group, and reports 64 at most', async () => {
    const small = resized(photo, 120)
    const group = (columns: number, rows: number) => {
      const places = Array.from({ length: columns * rows }, (_, i) => [
        (i % columns) * 130,
        Math.floor(i / columns) * 130,
      ])
      return pasted(
        flat(columns * 130, rows * 130, 100),
        places.map(([x, y]) => [small, x as number, y as number]),
      )
    }
    expect(await detect(group(4, 3))).to.have.length(12)
    expect(await detect(group(9, 8))).to.have.length(64)
  })
})

/** The image with its longer side at `longerPx`. */
function resized(image: RgbImage, longerPx: number): RgbImage {
  const scale = Math.max(image.widthPx, image.heightPx) / longerPx
  const shift = (scale - 1) / 2 // pixel centres
  const [widthPx, heightPx] = [Math.round(image.widthPx / scale), Math.round(image.heightPx / scale)]
  return warp(image, { a: scale, b: 0, tx: shift, ty: shift }, widthPx, heightPx)
}

function moved(face: DetectedFace, dx: number, dy: number): DetectedFace {
  const at = (p: { x: number; y: number }) => ({ x: p.x + dx, y: p.y + dy })
  const [a, b, c, d, e] = face.landmarks
  const box = { ...face.box, ...at(face.box) }
  return { ...face, box, landmarks: [at(a), at(b), at(c), at(d), at(e)] }
}

function times(face: DetectedFace, factor: number): DetectedFace {
  const at = (p: { x: number; y: number }) => ({ x: p.x * factor, y: p.y * factor })
  const [a, b, c, d, e] = face.landmarks
  const box = { ...at(face.box), width: face.box.width * factor, height: face.box.height * factor }
  return { ...face, box, landmarks: [at(a), at(b), at(c), at(d), at(e)] }
}
