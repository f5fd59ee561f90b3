import { getEventListeners } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import sharp from 'sharp'
import { PooledFaceAnalyser } from '../../../src/adapters/workers/face-pool.js'
import { composeFacePipeline, type FacePipelineOptions } from '../../../src/compose-face.js'
import type { AnalysisRequest } from '../../../src/domain/analysis.js'
import { backgroundContext, type CallContext } from '../../../src/domain/context.js'
import type { ModelDescription } from '../../../src/domain/models.js'
import { expectCode } from '../../support/errors.js'
import { describeWithFaces, MODELS_AT_HAND } from '../../support/weights.js'

// Goal: the pipeline over threads gives what it gives in one thread, and survives callers who leave, full queues, bugs
// and its own end. Method: the real worker; an image of 4 megapixels keeps one busy for some 300 ms.
const context = backgroundContext('test')
const entry = new URL('../../../src/face-worker.js', import.meta.url)

/** A caller who can leave. */
function caller(): { context: CallContext; leave: () => void } {
  const controller = new AbortController()
  return { context: { ...context, signal: controller.signal }, leave: () => controller.abort() }
}

async function timed(work: Promise<unknown>): Promise<number> {
  const startMs = performance.now()
  await work
  return performance.now() - startMs
}

describeWithFaces('PooledFaceAnalyser', (files, weightsFolder) => {
  const models = MODELS_AT_HAND
  const workerData: FacePipelineOptions = { models, weightsFolder }
  const request = (image: Uint8Array): AnalysisRequest => ({
    image,
    multiFace: 'reject-several',
    minimumQuality: 0,
    purpose: 'template',
  })
  let photos: readonly AnalysisRequest[]
  let slow: AnalysisRequest

  before(async () => {
    photos = await Promise.all(files.slice(0, 4).map(async (file) => request(await readFile(file))))
    const [first] = files
    slow = request(await sharp(first).resize(2000, 2000, { fit: 'fill' }).jpeg().toBuffer())
  })

  const photo = () => photos[0] as AnalysisRequest
  const open = (workerCount: number, queueLengthMax: number) =>
    PooledFaceAnalyser.open({ entry, workerData, algorithm: models.algorithm, workerCount, queueLengthMax })

  /** Runs a test on a pool of its own, which is closed afterwards. */
  function withPool(workerCount: number, queueLengthMax: number, test: (pool: PooledFaceAnalyser) => Promise<void>) {
    return async () => {
      const pool = await open(workerCount, queueLengthMax)
      try {
        await test(pool)
      } finally {
        await pool.close()
      }
    }
  }

  it(
    'gives what the pipeline gives in this thread, bit for bit',
    withPool(2, 8, async (pool) => {
      const pipeline = await composeFacePipeline(workerData)
      expect(pool.algorithm).to.deep.equal(pipeline.algorithm)
      const pooled = await Promise.all(photos.map((wanted) => pool.analyse(wanted, context)))
      for (const [i, wanted] of photos.entries()) {
        const here = await pipeline.analyse(wanted, context)
        expect({ ...pooled[i], timingsMs: {} }).to.deep.equal({ ...here, timingsMs: {} })
      }
    }),
  )

  it(
    'passes expected failures on as what they are',
    withPool(1, 4, async (pool) => {
      const text = await expectCode('FORMAT_UNSUPPORTED', pool.analyse(request(Buffer.from('text')), context))
      expect(text.message).to.equal('expected JPEG, PNG, WebP or TIFF, got another format')
      await expectCode('PARSE_ERROR', pool.analyse(request(photo().image.subarray(0, 900)), context))
    }),
  )

  it(
    'rejects at once when the caller of a running image leaves, and the worker goes on to the next',
    withPool(1, 4, async (pool) => {
      const wholeMs = await timed(pool.analyse(slow, context))
      const { context: leaving, leave } = caller()
      const abandoned = expectCode('CANCELLED', pool.analyse(slow, leaving))
      await sleep(20) // it runs
      const next = pool.analyse(photo(), context)
      leave()
      expect(await timed(abandoned)).to.be.lessThan(wholeMs / 3)
      expect((await next).outcome).to.equal('extracted')
    }),
  )

  it(
    'rejects at once when the caller of a waiting image leaves, and never works on it',
    withPool(1, 4, async (pool) => {
      const wholeMs = await timed(pool.analyse(slow, context))
      const running = pool.analyse(slow, context)
      const { context: leaving, leave } = caller()
      const abandoned = expectCode('CANCELLED', pool.analyse(slow, leaving))
      const last = pool.analyse(photo(), context)
      leave()
      expect(await timed(abandoned)).to.be.lessThan(wholeMs / 3)
      await running
      expect(await timed(last)).to.be.lessThan(wholeMs) // the abandoned image took no time
    }),
  )

  it(
    'refuses a caller who has gone, and one whose deadline has passed, before anything is queued',
    withPool(1, 1, async (pool) => {
      await expectCode('CANCELLED', pool.analyse(photo(), { ...context, signal: AbortSignal.abort() }))
      await expectCode('DEADLINE_EXCEEDED', pool.analyse(photo(), { ...context, deadlineAtMs: Date.now() - 1 }))
    }),
  )

  it(
    'rejects with DEADLINE_EXCEEDED when the deadline passes meanwhile',
    withPool(1, 4, async (pool) => {
      const { context: late, leave } = caller()
      const deadlineAtMs = Date.now() + 30
      setTimeout(leave, 40) // as the API does
      await expectCode('DEADLINE_EXCEEDED', pool.analyse(slow, { ...late, deadlineAtMs }))
    }),
  )

  it(
    'keeps the deadline inside the worker too, where no signal comes',
    withPool(1, 4, async (pool) => {
      await expectCode('DEADLINE_EXCEEDED', pool.analyse(slow, { ...context, deadlineAtMs: Date.now() + 30 }))
    }),
  )

  it(
    'leaves no listener behind at a signal that outlives many calls',
    withPool(1, 20, async (pool) => {
      const { context: staying } = caller()
      await Promise.all(Array.from({ length: 12 }, () => pool.analyse(photo(), staying)))
      expect(getEventListeners(staying.signal, 'abort')).to.have.length(0)
    }),
  )

  it(
    'refuses what the queue does not hold with OVERLOADED and when to try again',
    withPool(1, 2, async (pool) => {
      const accepted = [slow, photo(), photo()].map((wanted) => pool.analyse(wanted, context))
      const error = await expectCode('OVERLOADED', pool.analyse(photo(), context))
      expect(error.retryAfterMs).to.be.within(100, 5000)
      for (const analysis of await Promise.all(accepted)) expect(analysis.outcome).to.equal('extracted')
      expect((await pool.analyse(photo(), context)).outcome).to.equal('extracted') // there is room again
    }),
  )

  it(
    'tells how many images are with the workers, how many wait, and how many there may be',
    withPool(1, 6, async (pool) => {
      expect(pool.load).to.deep.equal({ workingCount: 0, waitingCount: 0, countMax: 7 })
      const accepted = [slow, photo(), photo(), photo(), photo()].map((wanted) => pool.analyse(wanted, context))
      expect(pool.load).to.deep.equal({ workingCount: 2, waitingCount: 3, countMax: 7 }) // two in a worker's hands
      await Promise.all(accepted)
      await sleep(0)
      expect(pool.load).to.deep.equal({ workingCount: 0, waitingCount: 0, countMax: 7 })
    }),
  )

  it(
    'rejects a call that a bug meets, and that call alone',
    withPool(1, 4, async (pool) => {
      const calls = [{}, null, { ...photo(), multiFace: 'nobody' }, { ...photo(), image: () => 1 }].map((broken) =>
        pool.analyse(broken as unknown as AnalysisRequest, context).then(
          () => 'an answer',
          (error: unknown) => (error as Error).name,
        ),
      )
      const good = pool.analyse(photo(), context)
      for (const name of await Promise.all(calls)) expect(name).to.match(/^(TypeError|DataCloneError|Error)$/)
      expect((await good).outcome).to.equal('extracted')
    }),
  )

  describe('close()', () => {
    it('waits for what was accepted, running or queued, and refuses what comes after', async () => {
      const pool = await open(2, 8)
      const accepted = [slow, photo(), slow, photo()].map((wanted) => pool.analyse(wanted, context))
      const closed = pool.close()
      await expectCode('UNAVAILABLE', pool.analyse(photo(), context))
      await closed
      for (const analysis of await Promise.all(accepted)) expect(analysis.outcome).to.equal('extracted')
    })

    it('may be called twice', async () => {
      const pool = await open(1, 1)
      await Promise.all([pool.close(), pool.close()])
      await pool.close()
    })
  })

  describe('open()', () => {
    let folder: string
    let damaged: ModelDescription

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'portcullis-pool-'))
      await writeFile(join(folder, models.detector.file), 'these are no weights')
      damaged = { ...models.detector, shippedFolder: folder }
    })

    after(() => rm(folder, { recursive: true }))

    it('says which weights are damaged, and starts nothing over and over', async () => {
      const lost: unknown[] = []
      const options = { entry, algorithm: models.algorithm, workerCount: 2, queueLengthMax: 1 }
      const opening = PooledFaceAnalyser.open({
        ...options,
        workerData: { models: { ...models, detector: damaged }, weightsFolder },
        onWorkerLost: (cause) => lost.push(cause),
      })
      const error = await expectCode('MODEL_NOT_INSTALLED', opening)
      expect(error.message).to.equal(`expected the weights of ${models.detector.id}, got a file that is no model`)
      const cpu = process.cpuUsage()
      await sleep(300)
      const { user, system } = process.cpuUsage(cpu)
      expect((user + system) / 1000).to.be.lessThan(150) // milliseconds: no thread is loading models
      expect(lost).to.deep.equal([])
    })

    it('rejects, and ends nothing else, when the worker’s entry itself is broken', async () => {
      const broken = new URL('no-such-worker.js', import.meta.url)
      const lost: unknown[] = []
      const opening = PooledFaceAnalyser.open({
        entry: broken,
        workerData,
        algorithm: models.algorithm,
        workerCount: 2,
        queueLengthMax: 1,
        onWorkerLost: (cause) => lost.push(cause),
      })
      const error: unknown = await opening.then(
        () => null,
        (reason: unknown) => reason,
      )
      expect(String(error)).to.contain('no-such-worker.js')
      await sleep(300)
      expect(lost.length).to.be.at.most(2)
    })
  })
})
