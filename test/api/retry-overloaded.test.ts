import { expect } from 'chai'
import { OVERLOAD_RETRY, untilNotOverloaded } from '../../src/api/retry-overloaded.js'
import { backgroundContext } from '../../src/domain/context.js'
import { DomainError } from '../../src/domain/errors.js'

// Goal: an item of a stream waits out an overload, within bounds. Method: work that is overloaded so many times.
describe('untilNotOverloaded()', () => {
  it('tries again until the overload is over', async () => {
    const { work, attempts } = overloadedTimes(3)
    expect(await untilNotOverloaded(work, backgroundContext('call'))).to.equal('done')
    expect(attempts()).to.equal(4)
  })

  it('waits longer each time, and as long as it is asked to', async () => {
    const startedMs = performance.now()
    await untilNotOverloaded(overloadedTimes(3).work, backgroundContext('call'))
    expect(performance.now() - startedMs).to.be.within(20 + 40 + 80 - 5, 1_000)

    const askedMs = performance.now()
    await untilNotOverloaded(overloadedTimes(1, 300).work, backgroundContext('call'))
    expect(performance.now() - askedMs).to.be.within(295, 1_000)
  })

  it('does not try again what failed for another reason', async () => {
    let attempts = 0
    const failing = async () => {
      attempts++
      throw new DomainError('UNAVAILABLE', 'a', 'b')
    }
    const error = await untilNotOverloaded(failing, backgroundContext('call')).catch((caught: unknown) => caught)
    expect(error).to.include({ code: 'UNAVAILABLE' })
    expect(attempts).to.equal(1)
  })

  it('stops waiting when the call ends', async () => {
    const controller = new AbortController()
    const context = { callId: 'call', signal: controller.signal, deadlineAtMs: Infinity }
    const { work, attempts } = overloadedTimes(OVERLOAD_RETRY.attemptsMax)
    setTimeout(() => controller.abort(), 50)
    const error = await untilNotOverloaded(work, context).catch((caught: unknown) => caught)
    expect(error).to.have.property('name', 'AbortError')
    expect(attempts()).to.be.within(2, 3) // at 0 ms, at 20 ms, perhaps at 60 ms
  })
})

function overloadedTimes(times: number, retryAfterMs?: number) {
  let attempts = 0
  const work = async () => {
    attempts++
    const details = retryAfterMs === undefined ? {} : { retryAfterMs }
    if (attempts <= times) throw new DomainError('OVERLOADED', 'a free place', 'none', details)
    return 'done'
  }
  return { work, attempts: () => attempts }
}
