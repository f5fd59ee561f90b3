// `node dist/scripts/train/check-export.js MODEL.onnx FOLDER`: compares what onnxruntime-node computes from an exported recogniser
// with what PyTorch said of the same faces (export_recogniser.py --data FOLDER wrote check.f32). Exit code 1 when they differ.
import '../../src/no-telemetry.js'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as ort from 'onnxruntime-node'
import { MARGIN_PX } from './face-crops.js'

const SIDE_PX = 112
const CANVAS_PX = SIDE_PX + 2 * MARGIN_PX
/** As export_recogniser.py has it: weights are stored as float16. */
const COSINE_MIN = 0.9999

const [model, folder] = process.argv.slice(2)
if (model === undefined || folder === undefined) throw new Error('name the model and the folder of the prepared faces')
const wanted = await floats(join(folder, 'check.f32'))
const canvases = await readFile(join(folder, 'lfw.crops.u8'))
const session = await ort.InferenceSession.create(model)
const width = (await featuresOf(0, 1)).length
const count = wanted.length / width
const got = await featuresOf(0, count)
const cosines = Array.from({ length: count }, (_, i) => cosine(row(got, i), row(wanted, i)))
const least = Math.min(...cosines)
console.log(`onnxruntime-node and PyTorch: least cosine ${least.toFixed(6)} of ${count} faces`)
process.exitCode = least < COSINE_MIN ? 1 : 0

async function floats(file: string): Promise<Float32Array> {
  return new Float32Array(Uint8Array.from(await readFile(file)).buffer)
}

async function featuresOf(first: number, faces: number): Promise<Float32Array> {
  const data = new Float32Array(faces * 3 * SIDE_PX * SIDE_PX)
  for (let i = 0, at = 0; i < faces; i++)
    for (let c = 0; c < 3; c++)
      for (let y = 0; y < SIDE_PX; y++)
        for (let x = 0; x < SIDE_PX; x++) {
          const pixel = ((first + i) * CANVAS_PX + y + MARGIN_PX) * CANVAS_PX + x + MARGIN_PX
          data[at++] = (canvases[pixel * 3 + c]! - 127.5) / 128
        }
  const outputs = await session.run({ input: new ort.Tensor('float32', data, [faces, 3, SIDE_PX, SIDE_PX]) })
  return outputs.features!.data as Float32Array
}

function row(values: Float32Array, i: number): Float32Array {
  return values.subarray(i * width, (i + 1) * width)
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = a.reduce((sum, value, i) => sum + value * b[i]!, 0)
  return dot / (Math.hypot(...a) * Math.hypot(...b))
}
