// Runs the recorded model calls in a loop, `count` images long, whenever it is told a count; 0 ends it.
import { parentPort, workerData } from 'node:worker_threads'
import { OnnxRunner } from '../../src/adapters/onnx/onnx-runner.js'
import type { RecordedRun } from './bare-models.js'

const { weightsFolder, runs } = workerData as { weightsFolder: string; runs: readonly (readonly RecordedRun[])[] }
const port = parentPort
if (port === null) throw new Error('this file is a worker')
const models = new Map(runs.flat().map(({ model }) => [model.id, model]))
const runner = await OnnxRunner.open([...models.values()], weightsFolder)

async function loop(count: number): Promise<void> {
  for (let i = 0; i < count; i++)
    for (const { model, input } of runs[i % runs.length] ?? []) await runner.run(model, input)
}

await loop(runs.length)
port.on('message', (count: number) => {
  if (count === 0) port.close()
  else void loop(count).then(() => port.postMessage('done'))
})
port.postMessage('ready')
