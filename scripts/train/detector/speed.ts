// `node dist/scripts/train/detector/speed.js --own FILE.onnx [--models FOLDER] [--rounds 60]`: the time of one network run and of
// the whole detection, own against teacher, by turns in one process, so that a busy machine slows both. Best and median of all rounds.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { packageRoot } from '../../../src/cli/package-root.js'
import type { RgbImage } from '../../../src/domain/image.js'
import { toTensor } from '../../../src/engines/face/tensor.js'
import { openDetectors, type Detector } from './detectors.js'

const SIZES = [
  [256, 256],
  [320, 320],
  [640, 480],
  [1280, 960],
] as const

const { values: options } = parseArgs({
  options: {
    own: { type: 'string' },
    models: { type: 'string', default: join(packageRoot(), '..', 'shared', 'models') },
    rounds: { type: 'string', default: '60' },
  },
})
if (options.own === undefined) throw new Error('--own names the detector file')
const { teacher, own } = await openDetectors(options.models, options.own)
for (const [widthPx, heightPx] of SIZES) {
  const image = { widthPx, heightPx, pixels: noise(widthPx * heightPx * 3) }
  await compare(`${widthPx} × ${heightPx} network`, (detector) => runNetwork(detector, image))
  await compare(`${widthPx} × ${heightPx} detection`, (detector) => detector.find(image))
}

async function compare(name: string, work: (detector: Detector) => Promise<unknown>): Promise<void> {
  const times: { own: number[]; teacher: number[] } = { own: [], teacher: [] }
  for (let round = -3; round < Number(options.rounds); round++) {
    for (const [of, detector] of [
      ['own', own],
      ['teacher', teacher],
    ] as const) {
      const began = performance.now()
      await work(detector)
      if (round >= 0) times[of].push(performance.now() - began) // the first rounds warm up
    }
  }
  const best = { own: Math.min(...times.own), teacher: Math.min(...times.teacher) }
  const middle = { own: median(times.own), teacher: median(times.teacher) }
  console.log(
    `${name}: best ${best.own.toFixed(2)} ms, teacher ${best.teacher.toFixed(2)} ms, ratio ${(best.own / best.teacher).toFixed(2)}; ` +
      `median ${middle.own.toFixed(2)} and ${middle.teacher.toFixed(2)} ms, ratio ${(middle.own / middle.teacher).toFixed(2)}`,
  )
}

function runNetwork({ model, runner }: Detector, image: RgbImage): Promise<unknown> {
  return runner.run(model, toTensor([image], model.input, image.widthPx, image.heightPx))
}

/** A fixed sequence (Numerical Recipes' linear congruential generator): the time does not depend on the picture. */
function noise(length: number): Uint8Array {
  let state = 1
  return Uint8Array.from({ length }, () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}
