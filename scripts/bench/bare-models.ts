import { Worker } from 'node:worker_threads'
import { SharpDecoder } from '../../src/adapters/image/sharp-decoder.js'
import { OnnxRunner } from '../../src/adapters/onnx/onnx-runner.js'
import type { FacePipelineOptions } from '../../src/compose-face.js'
import { backgroundContext } from '../../src/domain/context.js'
import type { ModelDescription } from '../../src/domain/models.js'
import type { ModelRunner, Tensor } from '../../src/domain/ports.js'
import { FacePipeline } from '../../src/engines/face/pipeline.js'

/** One run of one model as the pipeline asked for it. */
export interface RecordedRun {
  readonly model: ModelDescription
  readonly input: Tensor
}

/** The model runs that each image causes: what a bare loop over the models has to do for the same work. */
export async function recordRuns(
  options: FacePipelineOptions,
  images: readonly Uint8Array[],
): Promise<readonly (readonly RecordedRun[])[]> {
  const { models, weightsFolder } = options
  const used = [models.detector, models.quality, models.headPose, ...models.recognisers].filter((m) => m !== null)
  const runner = await OnnxRunner.open(used, weightsFolder)
  const recorded: RecordedRun[][] = []
  const recorder: ModelRunner = {
    run(model, input) {
      recorded.at(-1)?.push({ model, input })
      return runner.run(model, input)
    },
  }
  const pipeline = new FacePipeline(new SharpDecoder(), recorder, models)
  for (const image of images) {
    recorded.push([])
    const request = { image, multiFace: 'largest', minimumQuality: 0, purpose: 'template' } as const
    await pipeline.analyse(request, backgroundContext('bench'))
  }
  return recorded
}

/** Threads that do nothing but run the models, one thread for each core. */
export class BareModels {
  readonly #workers: readonly Worker[]

  private constructor(workers: readonly Worker[]) {
    this.#workers = workers
  }

  static async open(
    weightsFolder: string,
    runs: readonly (readonly RecordedRun[])[],
    threadCount: number,
  ): Promise<BareModels> {
    const entry = new URL('./bare-worker.js', import.meta.url)
    const workers = Array.from(
      { length: threadCount },
      () => new Worker(entry, { workerData: { weightsFolder, runs } }),
    )
    await Promise.all(workers.map((worker) => answer(worker)))
    return new BareModels(workers)
  }

  /** Images per second over `imageCount` images, shared out among the threads. */
  async throughput(imageCount: number): Promise<number> {
    const share = Math.ceil(imageCount / this.#workers.length)
    const startMs = performance.now()
    await Promise.all(
      this.#workers.map((worker) => {
        worker.postMessage(share)
        return answer(worker)
      }),
    )
    return (share * this.#workers.length * 1000) / (performance.now() - startMs)
  }

  close(): void {
    for (const worker of this.#workers) worker.postMessage(0)
  }
}

function answer(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}
