import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { composeMinutiaeExtractor, openBuiltinExtractor } from '../../../src/compose-finger-extractor.js'
import { backgroundContext } from '../../../src/domain/context.js'
import type { FingerExtractor, FingerImage } from '../../../src/domain/extractor.js'
import { drawPrint } from '../../engines/finger/extraction/support/drawn-prints.js'
import { expectCode } from '../../support/errors.js'

// Goal: the extractor over threads gives what it gives in one, and survives callers who leave, full queues and its end.
// Method: the real worker; a print of 900 × 900 px keeps one busy for a second.
const context = backgroundContext('test')

function imageOf(sidePx: number): FingerImage {
  const minutiae = [-90, -60, -30, 0, 30, 60, 90].map((up, i) => ({
    right: 70 * Math.sin(5 * i),
    up,
    type: 'ending' as const,
    pointsRight: i % 2 === 0,
  }))
  const { pixels } = drawPrint({ sidePx, minutiae })
  const taken = { position: 'unknown', impression: 0, resolutionDpi: 500 } as const
  return { format: 'gray8', bytes: pixels, widthPx: sidePx, heightPx: sidePx, ...taken }
}

describe('PooledFingerExtractor', () => {
  const small = imageOf(300)
  const large = imageOf(900)
  let extractor: FingerExtractor

  beforeEach(() => {
    extractor = openBuiltinExtractor({ workerCount: 1, queueLengthMax: 1 })
  })
  afterEach(() => extractor.close())

  it('gives what the extractor gives in this thread', async () => {
    const here = composeMinutiaeExtractor()
    expect(await extractor.describe(context)).to.deep.equal(await here.describe(context))
    expect(await extractor.extract(small, context)).to.deep.equal(await here.extract(small, context))
    expect(await extractor.quality(small, context)).to.deep.equal(await here.quality(small, context))
  })

  it('passes expected failures on with their field and reasons', async () => {
    const white = { ...small, bytes: new Uint8Array(small.bytes.length).fill(255) }
    expect((await expectCode('NO_FINGER', extractor.extract(white, context))).reasons).to.have.length(1)
    const unscaled = { ...small, resolutionDpi: null }
    expect((await expectCode('INVALID_ARGUMENT', extractor.extract(unscaled, context))).field).to.equal(
      'resolution_dpi',
    )
  })

  it('leaves the event loop free', async () => {
    await extractor.extract(small, context)
    const work = extractor.extract(large, context)
    let [turns, done] = [0, false]
    void work.then(() => (done = true))
    for (; !done; turns++) await sleep(5)
    expect(turns).to.be.greaterThan(10)
  })

  it('rejects at once when the caller leaves, and the worker goes on to the next', async () => {
    await extractor.extract(small, context) // the thread has started
    const controller = new AbortController()
    const work = extractor.extract(large, { ...context, signal: controller.signal })
    await sleep(30)
    const leftMs = performance.now()
    controller.abort()
    await expectCode('CANCELLED', work)
    expect(performance.now() - leftMs).to.be.lessThan(100)
    expect((await extractor.extract(small, context)).templates).to.have.length(1)
  })

  it('refuses what the queue does not hold with OVERLOADED and when to try again', async () => {
    const accepted = [extractor.extract(small, context), extractor.extract(small, context)]
    const error = await expectCode('OVERLOADED', extractor.extract(small, context))
    expect(error.retryAfterMs).to.be.greaterThan(0)
    expect(await Promise.all(accepted)).to.have.length(2)
  })

  it('finishes what it accepted when it is closed, and refuses what comes after', async () => {
    const work = extractor.extract(small, context)
    const closed = extractor.close()
    await expectCode('UNAVAILABLE', extractor.extract(small, context))
    await expectCode('UNAVAILABLE', extractor.health(context))
    expect((await work).templates).to.have.length(1)
    await closed
  })
})
