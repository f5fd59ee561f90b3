// `node dist/scripts/train/detector/face-free.js [--lfw FOLDER] [--models FOLDER] --out FOLDER [--count 400]`: cuts corners out of
// LFW-dev photographs, enlarged, as images without a face. What the teacher suspects to be a face, at two sizes, is left out, so
// the teacher has no false detection here by construction. `make_face_free.py` adds procedural ones.
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import sharp from 'sharp'
import { SharpDecoder } from '../../../src/adapters/image/sharp-decoder.js'
import { packageRoot } from '../../../src/cli/package-root.js'
import type { RgbImage } from '../../../src/domain/image.js'
import { toTensor } from '../../../src/engines/face/tensor.js'
import { decodeYunet } from '../../../src/engines/face/yunet.js'
import { openDetectors, type Detector } from './detectors.js'

/** Corners of this side hold no central face of a 250 px LFW image, at most an ear of it. */
const CORNER_PX = 76
/** Enlarged to these sides, in pixels: the first is looked at only, the second is written too. */
const SIDES_PX = [96, 256] as const
/** A cell with a score of this or more makes a corner doubtful. */
const SUSPECT_SCORE = 0.15
const LFW_PX = 250

const shared = join(packageRoot(), '..', 'shared')
const { values: options } = parseArgs({
  options: {
    lfw: { type: 'string', default: join(shared, 'data', 'lfw-dev') },
    models: { type: 'string', default: join(shared, 'models') },
    out: { type: 'string', default: join(packageRoot(), 'data', 'face-free') },
    count: { type: 'string', default: '400' },
  },
})
await mkdir(options.out, { recursive: true })
const { teacher } = await openDetectors(options.models, join(options.models, 'yunet_n_dynamic.onnx'))
const decoder = new SharpDecoder()
const folder = join(options.lfw, 'images')
const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.jpg')).toSorted()
let written = 0
for (let i = 0; i < names.length && written < Number(options.count); i += 7)
  if (await writeCorner(teacher, await readFile(join(folder, names[i]!)), i)) written++
console.log(`${written} corners without a face in ${options.out}`)

async function writeCorner(detector: Detector, bytes: Uint8Array, i: number): Promise<boolean> {
  const [left, top] = [(i % 2) * (LFW_PX - CORNER_PX), (Math.floor(i / 2) % 2) * (LFW_PX - CORNER_PX)]
  for (const sidePx of SIDES_PX) {
    const png = await sharp(bytes)
      .extract({ left, top, width: CORNER_PX, height: CORNER_PX })
      .resize(sidePx, sidePx)
      .png()
      .toBuffer()
    const { image } = await decoder.decode(png)
    if (await isSuspect(detector, image)) return false
    if (sidePx === SIDES_PX[1]) await sharp(png).toFile(join(options.out, `lfw-corner-${i}.png`))
  }
  return true
}

async function isSuspect({ model, runner }: Detector, image: RgbImage): Promise<boolean> {
  const outputs = await runner.run(model, toTensor([image], model.input, image.widthPx, image.heightPx))
  return decodeYunet(outputs, image.widthPx, SUSPECT_SCORE).length > 0
}
