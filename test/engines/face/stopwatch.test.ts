import { expect } from 'chai'
import { backgroundContext } from '../../../src/domain/context.js'
import { Stopwatch } from '../../../src/engines/face/stopwatch.js'
import { expectCode } from '../../support/errors.js'

describe('Stopwatch', () => {
  it('gives the result of a stage and keeps its time', async () => {
    const watch = new Stopwatch(backgroundContext('test'))
    const wait = () => new Promise<string>((resolve) => setTimeout(() => resolve('done'), 30))
    expect(await watch.time('detect', wait)).to.equal('done')
    expect(watch.timingsMs.detect).to.be.within(25, 1000)
    expect(Object.keys(watch.timingsMs)).to.deep.equal(['detect'])
  })

  it('adds up a stage that runs twice', async () => {
    const watch = new Stopwatch(backgroundContext('test'))
    const wait = () => new Promise<void>((resolve) => setTimeout(resolve, 20))
    await watch.time('search', wait)
    await watch.time('search', wait)
    expect(watch.timingsMs.search).to.be.at.least(35)
  })

  it('begins no stage after the caller has gone or the deadline has passed', async () => {
    let begun = 0
    const work = () => ++begun
    const gone = new Stopwatch({ ...backgroundContext('test'), signal: AbortSignal.abort() })
    await expectCode('CANCELLED', gone.time('decode', work))
    const late = new Stopwatch({ ...backgroundContext('test'), deadlineAtMs: Date.now() - 1 })
    await expectCode('DEADLINE_EXCEEDED', late.time('decode', work))
    expect(begun).to.equal(0)
  })
})
