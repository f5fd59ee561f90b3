import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import sharp from 'sharp'
import { SharpDecoder } from '../../../src/adapters/image/sharp-decoder.js'
import { verifyModel } from '../../../src/adapters/models/verify.js'
import { OnnxRunner } from '../../../src/adapters/onnx/onnx-runner.js'
import { distance, interEyeDistancePx, type DetectedFace } from '../../../src/domain/face.js'
import type { RgbImage } from '../../../src/domain/image.js'
import { detectFaces } from '../../../src/engines/face/detect.js'
import { reduce } from '../../../src/engines/face/pyramid.js'
import { mirrored } from '../../../src/engines/face/warp.js'
import { anImage, flat } from '../../support/images.js'
import { imageFiles, MANIFEST, PACKAGE_ROOT } from '../../support/weights.js'

// Goal: a fresh clone finds faces with what is in it, without any mirror or installed weights. Method: the shipped detector on the
// product's path over the project's samples, each of which shows one face, upright and frontal enough.
describe('the shipped face detector', () => {
  const own = MANIFEST.models.find(({ id }) => id === 'portcullis-detector-1')
  const nowhere = join(PACKAGE_ROOT, 'no-such-folder')
  const files = ['subjects', 'probes'].flatMap((folder) => imageFiles(join(PACKAGE_ROOT, 'samples', folder)))
  let detect: (image: RgbImage) => Promise<readonly DetectedFace[]>

  before(async () => {
    if (own === undefined) throw new Error('the manifest has no own detector')
    const runner = await OnnxRunner.open([own], nowhere)
    detect = (image) => detectFaces(image, own, runner)
  })

  async function decoded(file: string): Promise<RgbImage> {
    return (await new SharpDecoder().decode(await readFile(file))).image
  }

  it('is whole, wherever other weights are installed, and small', async () => {
    expect((await verifyModel(own!, nowhere)).state).to.equal('installed')
    expect(own?.bytes).to.be.at.most(500_000)
  })

  it('finds one face in every sample, the right eye at the image’s left and the mouth below the nose', async () => {
    expect(files).to.have.length.above(50)
    for (const file of files) {
      const faces = await detect(await decoded(file))
      expect(faces, file).to.have.length(1)
      const [rightEye, leftEye, nose, rightMouth, leftMouth] = faces[0]!.landmarks
      expect(rightEye.x, file).to.be.lessThan(leftEye.x)
      expect(rightMouth.x, file).to.be.lessThan(leftMouth.x)
      expect(nose.y, file).to.be.within(Math.min(rightEye.y, leftEye.y), Math.max(rightMouth.y, leftMouth.y))
    }
  })

  it('finds one face, and no eye or mouth beside it, where the face is larger than it was trained for', async () => {
    for (const file of files.slice(0, 8)) {
      const image = await sharp(file).resize(2000, 2000).jpeg().toBuffer()
      const { image: large } = await new SharpDecoder().decode(image)
      expect(await detect(large), file).to.have.length(1)
    }
  })

  it('finds the same landmarks in the mirror image, within a tenth of the distance of the eyes', async () => {
    const image = reduce(await decoded(files[0]!), 250)
    const [face] = await detect(image)
    const [other] = await detect(mirrored(image))
    // In the mirror a right eye is a left one: order 1, 0, 2, 4, 3.
    const apart = [1, 0, 2, 4, 3].map((j, i) => {
      const { x, y } = other!.landmarks[j]!
      return distance({ x: image.widthPx - x, y }, face!.landmarks[i]!)
    })
    expect(Math.max(...apart)).to.be.below(interEyeDistancePx(face!) / 10)
  })

  it('finds nothing in a flat, a black, a tiny and a striped image', async () => {
    const stripes = anImage(200, 200, (x) => [(x * 31) % 256, (x * 7) % 256, (x * 3) % 256])
    for (const image of [flat(300, 200, 128), flat(64, 64, 0), flat(16, 16, 200), stripes])
      expect(await detect(image)).to.deep.equal([])
  })
})
