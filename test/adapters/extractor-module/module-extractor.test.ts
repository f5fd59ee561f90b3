import { expect } from 'chai'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GUARD_DEFAULTS, makeGuard } from '../../../src/adapters/extractor-guard/guard.js'
import { MODULE_DEFAULTS, ModuleExtractor } from '../../../src/adapters/extractor-module/module-extractor.js'
import { templateParser } from '../../../src/compose-extractor.js'
import { backgroundContext, type CallContext } from '../../../src/domain/context.js'
import type { ErrorCode } from '../../../src/domain/errors.js'
import { CheckedExtractor } from '../../../src/services/extractor/checked-extractor.js'
import { commandImage } from '../../support/a-print.js'
import { expectCode } from '../../support/errors.js'
import { PACKAGE_ROOT } from '../../support/weights.js'

// Goal: whatever a module does in its thread, the caller gets an answer or a typed error in time, this thread stays free, and the next
// good call works. Method: real threads with a real module that does what the image's bytes tell it.
const COMMANDED = join(PACKAGE_ROOT, 'test/adapters/extractor-module/support/commanded.mjs')
const ATTEMPT_MS_MAX = 1_500
const context = backgroundContext('test')
const PLAIN = commandImage('plain')

function within(timeoutMs: number, signal = new AbortController().signal): CallContext {
  return { callId: 'test', signal, deadlineAtMs: Date.now() + timeoutMs }
}

function extractorOf(path: string, threadCount = 1): CheckedExtractor {
  const outside = new ModuleExtractor({ ...MODULE_DEFAULTS, path, threadCount, heapMbMax: 64, startMsMax: 3_000 })
  const guard = makeGuard({ ...GUARD_DEFAULTS, concurrencyMax: threadCount, queueLengthMax: 8, faultsMax: Infinity })
  return new CheckedExtractor(outside, { parse: templateParser('strict'), attemptMsMax: ATTEMPT_MS_MAX, guard })
}

describe('ModuleExtractor', () => {
  let extractor: CheckedExtractor
  beforeEach(() => (extractor = extractorOf(COMMANDED)))
  afterEach(() => extractor.close())

  /** Good calls after a fall: the first may find the thread still down, and is told so. */
  async function expectRecovery(): Promise<void> {
    for (let n = 0; n < 50; n++) {
      const outcome: unknown = await extractor.extract(PLAIN, within(3_000)).catch((error: unknown) => error)
      if (!(outcome instanceof Error)) {
        expect(outcome).to.have.property('quality', 77)
        return
      }
      expect(outcome).to.have.property('code', 'UNAVAILABLE')
    }
    expect.fail('it did not come back')
  }

  it('describes, measures, extracts and is healthy', async () => {
    await extractor.health(context)
    expect(await extractor.describe(context)).to.include({ id: 'test.module', outputFormat: 'iso-19794-2-2005' })
    expect(await extractor.quality(PLAIN, context)).to.deep.equal({ quality: 42, warnings: ['dry finger'] })
    const { templates, quality, warnings } = await extractor.extract(PLAIN, context)
    expect([templates.map(({ length }) => length), quality, warnings]).to.deep.equal([[36], 77, []])
  })

  it('leaves the caller its bytes', async () => {
    await extractor.extract(PLAIN, context)
    expect(new TextDecoder().decode(PLAIN.bytes)).to.equal('plain')
  })

  // A thread that falls over, by itself or because nobody waits for it any more.
  for (const command of ['throw later', 'reject unseen', 'exit', 'exit badly', 'allocate'])
    it(`survives "${command}": tells the caller at once, and starts again`, async () => {
      await extractor.describe(context)
      const { got } = await expectCode('UNAVAILABLE', extractor.extract(commandImage(command), within(20_000)))
      expect(got).to.match(/^one that (failed|ended|ran out of memory)$/)
      await expectRecovery()
    })

  for (const command of ['loop for ever', 'never answer'])
    it(`survives "${command}": keeps the deadline, ends the thread, and starts again`, async () => {
      await extractor.describe(context)
      let ticks = 0
      const ticking = setInterval(() => ticks++, 20)
      const startedAtMs = performance.now()
      await expectCode('DEADLINE_EXCEEDED', extractor.extract(commandImage(command), within(400)))
      expect(performance.now() - startedAtMs).to.be.within(350, 1_000)
      clearInterval(ticking)
      expect(ticks).to.be.greaterThan(5) // this thread was never held up
      await expectRecovery()
      await expectCode('UNAVAILABLE', extractor.extract(commandImage(command), context)) // the attempt's own limit
      await expectRecovery()
    })

  const unusable = [
    ...['throw', 'throw nothing', 'recurse', 'refuse SOMETHING', 'nothing', 'no template', 'eleven templates'],
    ...['long template', 'text template', 'nonsense template', 'quality NaN', 'quality text', 'a function', 'a trap'],
  ]
  for (const command of unusable)
    it(`takes "${command}" for a fault, and goes on with the same thread`, async () => {
      const { got } = await expectCode('UNAVAILABLE', extractor.extract(commandImage(command), context))
      expect(got).not.to.include('secret')
      expect((await extractor.extract(PLAIN, context)).quality).to.equal(77)
    })

  const named: readonly [string, ErrorCode][] = [
    ['refuse NO_FINGER', 'NO_FINGER'],
    ['refuse LOW_QUALITY', 'QUALITY_TOO_LOW'],
    ['refuse BAD_IMAGE', 'PARSE_ERROR'],
    ['refuse BAD_RESOLUTION', 'INVALID_ARGUMENT'],
    ['refuse UNSUPPORTED', 'FORMAT_UNSUPPORTED'],
    ['refuse TOO_LARGE', 'LIMIT_EXCEEDED'],
  ]
  for (const [command, code] of named)
    it(`takes "${command}" for ${code}`, () => expectCode(code, extractor.extract(commandImage(command), context)))

  it('passes the sentences of a refusal on, cut and without control characters', async () => {
    const { reasons } = await expectCode('NO_FINGER', extractor.extract(commandImage('refuse NO_FINGER'), context))
    expect(reasons).to.deep.equal(['press harder', 'x'.repeat(512)])
  })

  it('is not confused by messages that the module forges', async () => {
    const outcome: unknown = await extractor.extract(commandImage('a forged reply'), context).catch((e: unknown) => e)
    if (outcome instanceof Error) expect(outcome).to.have.property('code', 'UNAVAILABLE')
    await expectRecovery()
  })

  it('lets nothing that the module prints out, and none of our settings in', async () => {
    expect((await extractor.extract(commandImage('print'), context)).quality).to.equal(77)
    process.env.PORTCULLIS_TEST_ONLY = 'x'
    const other = extractorOf(COMMANDED)
    const { warnings } = await other.extract(commandImage('what environment'), context)
    delete process.env.PORTCULLIS_TEST_ONLY
    expect(warnings).to.include('PATH')
    expect(warnings.filter((name) => name.startsWith('PORTCULLIS_'))).to.deep.equal([])
    await other.close()
  })

  it('tells a caller that cancels at once, and serves the next', async () => {
    const controller = new AbortController()
    const call = extractor.extract(commandImage('slow'), within(10_000, controller.signal))
    setTimeout(() => controller.abort(), 50)
    await expectCode('CANCELLED', call)
    await expectRecovery()
  })

  it('works on as many calls at once as it has threads, queues eight more, and refuses the rest', async () => {
    const two = extractorOf(COMMANDED, 2)
    await two.describe(context)
    const calls = Array.from({ length: 12 }, () => two.extract(commandImage('which thread'), within(10_000)))
    const settled = await Promise.allSettled(calls)
    const refused = settled.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { code: string }).code] : []))
    expect(refused).to.deep.equal(['OVERLOADED', 'OVERLOADED'])
    const threads = settled.flatMap((one) => (one.status === 'fulfilled' ? one.value.warnings : []))
    expect(threads).to.have.length(10)
    expect(new Set(threads).size).to.equal(2)
    await two.close()
  })

  it('answers nobody after it was closed', async () => {
    const waiting = expectCode('UNAVAILABLE', extractor.extract(commandImage('slow'), within(5_000)))
    await new Promise((resolve) => setTimeout(resolve, 100))
    await extractor.close()
    await waiting
    await expectCode('UNAVAILABLE', extractor.extract(PLAIN, within(5_000)))
  })
})

describe('ModuleExtractor with a module that cannot start', () => {
  let folder: string
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'portcullis-module-'))))
  after(() => rm(folder, { recursive: true, force: true }))

  const modules = {
    'is not there': null,
    'is no JavaScript': 'export default {',
    'has no default export': 'export const x = 1',
    'throws when it is made': "export default () => { throw new Error('secret') }",
    'describes nothing': 'export default () => ({ describe: () => ({}) })',
    'never loads': 'await new Promise(() => setTimeout(() => 0, 1e6)); export default () => ({})',
  }
  for (const [name, source] of Object.entries(modules))
    it(`fails in time when it ${name}`, async () => {
      const path = join(folder, `${name.replaceAll(' ', '-')}.mjs`)
      if (source !== null) await writeFile(path, source)
      const extractor = extractorOf(path)
      const startedAtMs = performance.now()
      await expectCode('UNAVAILABLE', extractor.describe(context))
      await expectCode('UNAVAILABLE', extractor.health(context))
      expect(performance.now() - startedAtMs).to.be.lessThan(6_000)
      await extractor.close()
    })
})
