import { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-node'
import { join } from 'node:path'
import { DomainError } from '../../domain/errors.js'
import type { ModelDescription } from '../../domain/models.js'
import type { ModelRunner, Tensor } from '../../domain/ports.js'

/**
 * One thread for each session: the service runs one worker thread per core, and two images on two cores are faster than
 * one image on both. No memory arena: detectors run at many input sizes, and the arena keeps the largest for ever.
 */
const SESSION_OPTIONS: InferenceSession.SessionOptions = {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  graphOptimizationLevel: 'all',
  enableCpuMemArena: false,
  logSeverityLevel: 3,
}

/** Runs ONNX models with onnxruntime on the CPU, in the calling thread. */
export class OnnxRunner implements ModelRunner {
  readonly #sessions: ReadonlyMap<string, InferenceSession>

  private constructor(sessions: ReadonlyMap<string, InferenceSession>) {
    this.#sessions = sessions
  }

  /**
   * Loads models whose files were verified before.
   * @throws DomainError MODEL_NOT_INSTALLED when a file cannot be read as a model
   */
  static async open(models: readonly ModelDescription[], weightsFolder: string): Promise<OnnxRunner> {
    const sessions = new Map<string, InferenceSession>()
    for (const model of models) sessions.set(model.id, await openSession(model, weightsFolder))
    return new OnnxRunner(sessions)
  }

  async run(model: ModelDescription, input: Tensor): Promise<Readonly<Record<string, Tensor>>> {
    const session = this.#sessions.get(model.id)
    if (session === undefined) throw new Error(`model ${model.id} was not opened`)
    const count = input.dims[0] as number
    const batch = model.input.batch ?? count
    if (count === batch) return runOnce(session, model, input)
    const parts: Readonly<Record<string, Tensor>>[] = []
    for (let n = 0; n < count; n += batch) parts.push(await runOnce(session, model, slice(input, n, batch)))
    return joined(parts, count)
  }
}

async function openSession(model: ModelDescription, weightsFolder: string): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(join(model.shippedFolder ?? weightsFolder, model.file), SESSION_OPTIONS)
  } catch (cause) {
    throw new DomainError('MODEL_NOT_INSTALLED', `the weights of ${model.id}`, 'a file that is no model', { cause })
  }
}

async function runOnce(session: InferenceSession, model: ModelDescription, input: Tensor) {
  const tensor = new OnnxTensor('float32', input.data, input.dims)
  const outputs = await session.run({ [model.input.name]: tensor })
  return Object.fromEntries(
    Object.entries(outputs).map(([name, { dims, data }]) => [name, { dims, data: data as Float32Array }]),
  )
}

/** `batch` images from the n-th on; the last slice is filled up with zeros when the batch is fixed and larger. */
function slice(input: Tensor, n: number, batch: number): Tensor {
  const size = input.data.length / (input.dims[0] as number)
  const data = new Float32Array(batch * size)
  data.set(input.data.subarray(n * size, (n + batch) * size))
  return { dims: [batch, ...input.dims.slice(1)], data }
}

/** The outputs of the parts behind each other, as many rows as there were images: what filled the last part is cut off. */
function joined(parts: readonly Readonly<Record<string, Tensor>>[], count: number): Readonly<Record<string, Tensor>> {
  return Object.fromEntries(
    Object.entries(parts[0] ?? {}).map(([name, { dims, data }]) => {
      const rowLength = data.length / (dims[0] as number)
      const all = new Float32Array(count * rowLength)
      parts.forEach((part, i) => {
        const from = i * data.length
        all.set((part[name] as Tensor).data.subarray(0, all.length - from), from)
      })
      return [name, { dims: [count, ...dims.slice(1)], data: all }]
    }),
  )
}
