import grpc from '@grpc/grpc-js'
import { expect } from 'chai'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { GUARD_DEFAULTS, makeGuard } from '../../../src/adapters/extractor-guard/guard.js'
import { RemoteExtractor } from '../../../src/adapters/extractor-remote/remote-extractor.js'
import { templateParser } from '../../../src/compose-extractor.js'
import { backgroundContext, type CallContext } from '../../../src/domain/context.js'
import type { ErrorCode } from '../../../src/domain/errors.js'
import { CheckedExtractor } from '../../../src/services/extractor/checked-extractor.js'
import { makeCertificates } from '../../api/support/certificates.js'
import { commandImage } from '../../support/a-print.js'
import { expectCode } from '../../support/errors.js'
import { CommandedServer } from './support/commanded-server.js'

// Goal: whatever a remote extractor does, its caller gets an answer or a typed error in time, and the next good call works.
// Method: real servers on real sockets, one of them in a process that is killed; they do what the image's bytes tell them.
const ATTEMPT_MS_MAX = 1_500
/** Halved at most by the jitter: longer than the waits between attempts. */
const REST_MS = 1_600
const context = backgroundContext('call-1')
const PLAIN = commandImage('plain')

function within(timeoutMs: number, signal = new AbortController().signal): CallContext {
  return { callId: 'call-2', signal, deadlineAtMs: Date.now() + timeoutMs }
}

function extractorAt(port: number, faultsMax = Infinity): CheckedExtractor {
  const guard = makeGuard({ ...GUARD_DEFAULTS, concurrencyMax: 4, queueLengthMax: 4, faultsMax, restMs: REST_MS })
  const options = { parse: templateParser('strict'), attemptMsMax: ATTEMPT_MS_MAX, guard }
  return new CheckedExtractor(new RemoteExtractor({ address: `127.0.0.1:${port}`, tls: false }), options)
}

describe('RemoteExtractor', () => {
  let server: CommandedServer
  let extractor: CheckedExtractor

  beforeEach(async () => {
    server = await new CommandedServer().listen()
    extractor = extractorAt(server.port)
  })
  afterEach(async () => {
    await extractor.close()
    server.close()
  })

  it('describes, measures, extracts and is healthy', async () => {
    expect(await extractor.describe(context)).to.deep.equal({
      id: 'test.commanded',
      version: '1.0',
      descriptorVersion: '1',
      modality: 'finger',
      inputFormats: ['gray8'],
      outputFormat: 'iso-19794-2-2005',
    })
    expect(await extractor.quality(PLAIN, context)).to.deep.equal({ quality: 42, warnings: ['dry finger'] })
    const { templates, quality, warnings } = await extractor.extract(PLAIN, context)
    expect([templates.length, quality, warnings]).to.deep.equal([1, 77, ['a warning']])
    expect(Buffer.from(templates[0]!).toString('latin1', 0, 8)).to.equal('FMR\0 20\0')
    await extractor.health(context)
    expect(server.callIds).to.deep.equal(['call-1'])
  })

  const unusable = [
    ...['no template', 'eleven templates', 'empty template', 'long template', 'huge answer', 'nonsense template'],
    ...['cut template', 'other format', 'quality 101', 'quality -1', 'quality NaN', 'long warning', 'no identity'],
    ...['garbage bytes', 'details rot', 'bare internal', 'bare invalid', 'unimplemented', 'refuse SOMETHING'],
  ]
  for (const command of unusable)
    it(`takes "${command}" for an answer that cannot be used, asks once, and goes on`, async () => {
      const { got } = await expectCode('UNAVAILABLE', extractor.extract(commandImage(command), context))
      expect(got).to.match(/^one that sent /)
      expect(got).not.to.include('secret')
      expect(server.callCount).to.equal(1)
      expect((await extractor.extract(PLAIN, context)).quality).to.equal(77)
    })

  const named: readonly [string, ErrorCode][] = [
    ['refuse NO_FINGER', 'NO_FINGER'],
    ['refuse LOW_QUALITY', 'QUALITY_TOO_LOW'],
    ['refuse BAD_IMAGE', 'PARSE_ERROR'],
    ['refuse BAD_RESOLUTION', 'INVALID_ARGUMENT'],
    ['refuse UNSUPPORTED', 'FORMAT_UNSUPPORTED'],
    ['refuse TOO_LARGE', 'LIMIT_EXCEEDED'],
    ['exhausted', 'OVERLOADED'],
  ]
  for (const [command, code] of named)
    it(`takes "${command}" for ${code}`, async () => {
      await expectCode(code, extractor.extract(commandImage(command), context))
      expect(server.callCount).to.equal(1)
    })

  it('passes the sentences of a refusal on, cut and without control characters', async () => {
    const { reasons } = await expectCode('NO_FINGER', extractor.extract(commandImage('refuse NO_FINGER'), context))
    expect(reasons).to.deep.equal(['press harder', 'x'.repeat(512)])
  })

  it('keeps the deadline of its caller while the extractor hangs', async () => {
    const startedAtMs = performance.now()
    await expectCode('DEADLINE_EXCEEDED', extractor.extract(commandImage('hang'), within(300)))
    expect(performance.now() - startedAtMs).to.be.within(250, 1_000)
    expect((await extractor.extract(PLAIN, within(5_000))).quality).to.equal(77)
  })

  it('gives up by itself on an extractor that hangs when its caller has all the time', async () => {
    const startedAtMs = performance.now()
    await expectCode('UNAVAILABLE', extractor.extract(commandImage('hang'), context))
    expect(performance.now() - startedAtMs).to.be.within(ATTEMPT_MS_MAX - 50, ATTEMPT_MS_MAX + 1_000)
    expect(server.callCount).to.equal(1)
  })

  it('waits for a slow answer', async () => {
    expect((await extractor.extract(commandImage('slow'), within(5_000))).quality).to.equal(77)
  })

  it('lets a cancellation reach the extractor', async () => {
    const controller = new AbortController()
    const call = extractor.extract(commandImage('hang'), within(10_000, controller.signal))
    setTimeout(() => controller.abort(), 100)
    await expectCode('CANCELLED', call)
    for (let n = 0; n < 50 && server.cancelledCount === 0; n++) await wait(20)
    expect(server.cancelledCount).to.equal(1)
  })

  it('does not ask for a caller that has gone already', async () => {
    await expectCode('CANCELLED', extractor.extract(PLAIN, within(1_000, AbortSignal.abort())))
    await expectCode('DEADLINE_EXCEEDED', extractor.extract(PLAIN, within(-1)))
    expect(server.callCount).to.equal(0)
  })

  it('asks again, at most twice, when the extractor says that it is unavailable', async () => {
    expect((await extractor.extract(commandImage('once: unavailable'), context)).quality).to.equal(77)
    expect(server.callCount).to.equal(2)
    await expectCode('UNAVAILABLE', extractor.extract(commandImage('unavailable'), context))
    expect(server.callCount).to.equal(5)
    await extractor.extract(commandImage('once: cancelled there'), context)
    expect(server.callCount).to.equal(7)
  })

  it('works through more calls than it makes at once, and refuses those beyond the queue', async () => {
    const calls = Array.from({ length: 10 }, () => extractor.extract(commandImage('slow'), within(5_000)))
    const settled = await Promise.allSettled(calls)
    const codes = settled.map((one) => (one.status === 'rejected' ? (one.reason as { code: string }).code : 'answered'))
    expect(codes).to.deep.equal([...Array<string>(8).fill('answered'), 'OVERLOADED', 'OVERLOADED'])
  })

  it('keeps deadlines in the queue too', async () => {
    const hanging = Array.from({ length: 4 }, () =>
      extractor.extract(commandImage('hang'), within(1_200)).catch(() => 0),
    )
    const startedAtMs = performance.now()
    await expectCode('DEADLINE_EXCEEDED', extractor.extract(PLAIN, within(200)))
    expect(performance.now() - startedAtMs).to.be.lessThan(800)
    expect((await extractor.extract(PLAIN, within(5_000))).quality).to.equal(77) // behind one that has gone
    await Promise.all(hanging)
  })

  it('refuses what is too large for any extractor without asking it', async () => {
    const image = { ...PLAIN, bytes: new Uint8Array(10 * 1024 * 1024 + 1) }
    await expectCode('LIMIT_EXCEEDED', extractor.extract(image, context))
    await expectCode('LIMIT_EXCEEDED', extractor.quality(image, context))
    expect(server.callCount).to.equal(0)
  })

  it('takes no more answers from an extractor that became another one', async () => {
    await extractor.extract(PLAIN, context)
    await expectCode('UNAVAILABLE', extractor.extract(commandImage('other identity'), context))
    const { got } = await expectCode('UNAVAILABLE', extractor.extract(PLAIN, context))
    expect(got).to.include('restart the service')
    await expectCode('UNAVAILABLE', extractor.health(context))
    expect(server.callCount).to.equal(2)
  })

  for (const change of ['id', 'version', 'descriptorVersion'] as const)
    it(`notices another ${change} after a reconnection`, async () => {
      await extractor.describe(context)
      server.close()
      const next = await new CommandedServer().listen(server.port)
      next.identity = { ...next.identity, [change]: 'another' }
      await expectCode(
        'UNAVAILABLE',
        untilReached(() => extractor.describe(context)),
      )
      await expectCode('UNAVAILABLE', extractor.extract(PLAIN, context))
      next.close()
    })

  it('is not healthy when the extractor says so', async () => {
    server.healthStatus = 'NOT_SERVING'
    await expectCode('UNAVAILABLE', extractor.health(context))
    server.healthStatus = 'SERVING'
    await extractor.health(context)
  })

  it('leaves a failing extractor alone after five faults, and comes back to it', async () => {
    const careful = extractorAt(server.port, 5)
    for (let n = 0; n < 2; n++) await expectCode('UNAVAILABLE', careful.extract(commandImage('unavailable'), context))
    const before = server.callCount
    expect(before).to.equal(5)
    const startedAtMs = performance.now()
    const { got, retryAfterMs } = await expectCode('UNAVAILABLE', careful.extract(PLAIN, context))
    expect(got).to.include('left alone')
    expect(retryAfterMs).to.be.greaterThan(0)
    expect(performance.now() - startedAtMs).to.be.lessThan(100)
    expect(server.callCount).to.equal(before)
    await wait(REST_MS + 50)
    expect((await careful.extract(PLAIN, context)).quality).to.equal(77)
    expect((await careful.extract(PLAIN, context)).quality).to.equal(77)
    await careful.close()
  })

  it('is not put off by refusals and by callers in a hurry', async () => {
    const careful = extractorAt(server.port, 5)
    await careful.describe(context)
    for (let n = 0; n < 8; n++) {
      await expectCode('NO_FINGER', careful.extract(commandImage('refuse NO_FINGER'), context))
      await expectCode('DEADLINE_EXCEEDED', careful.extract(commandImage('hang'), within(30)))
    }
    expect((await careful.extract(PLAIN, context)).quality).to.equal(77)
    await careful.close()
  })
})

describe('RemoteExtractor and a process that dies', () => {
  const children: ChildProcess[] = []
  afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')))

  async function start(port: number): Promise<{ readonly child: ChildProcess; readonly port: number }> {
    const entry = fileURLToPath(new URL('./support/server-child.js', import.meta.url))
    const child = spawn(process.execPath, [entry, String(port)], { stdio: ['ignore', 'pipe', 'inherit'] })
    children.push(child)
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    return { child, port: Number(line.toString()) }
  }

  it('tells the caller when it is killed in the middle of a call, and finds it when it is back', async () => {
    const { child, port } = await start(0)
    const extractor = extractorAt(port)
    for (let round = 0, running = child; round < 3; round++) {
      expect((await untilReached(() => extractor.extract(PLAIN, within(5_000)))).quality).to.equal(77)
      const call = extractor.extract(commandImage('hang'), within(5_000))
      setTimeout(() => running.kill('SIGKILL'), 100)
      const startedAtMs = performance.now()
      const { got } = await expectCode('UNAVAILABLE', call)
      expect(got).to.equal('one that cannot be reached')
      expect(performance.now() - startedAtMs).to.be.lessThan(4_000)
      await expectCode('UNAVAILABLE', extractor.health(within(2_000)))
      ;({ child: running } = await start(port))
    }
    await untilReached(() => extractor.health(within(2_000)))
    await extractor.close()
  })

  it('fails in time where nobody listens, or somebody who speaks something else', async () => {
    const deaf = createServer((socket) => socket.on('error', () => undefined).write('220 mail.example ESMTP\r\n'))
    await once(deaf.listen(0, '127.0.0.1'), 'listening')
    const { port } = deaf.address() as { port: number }
    for (const extractor of [extractorAt(port), extractorAt(1)]) {
      const startedAtMs = performance.now()
      const error: unknown = await extractor.extract(PLAIN, within(2_000)).catch((reason: unknown) => reason)
      expect(error).to.have.property('code').that.is.oneOf(['UNAVAILABLE', 'DEADLINE_EXCEEDED'])
      expect(performance.now() - startedAtMs).to.be.lessThan(2_500)
      await extractor.close()
    }
    deaf.close()
  })
})

describe('RemoteExtractor over TLS', () => {
  let folder: string
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'portcullis-tls-'))))
  after(() => rm(folder, { recursive: true, force: true }))

  /** In a process of its own: gRPC reads the variable once. */
  async function describesItself(address: string, ca: string): Promise<boolean> {
    const code = `
      const { RemoteExtractor } = await import(process.argv[1])
      const extractor = new RemoteExtractor({ address: process.argv[2], tls: true })
      const signal = AbortSignal.timeout(3000)
      const context = { callId: 'x', signal, deadlineAtMs: Date.now() + 3000 }
      await extractor.describe(context).then(() => process.exit(0), () => process.exit(1))`
    const module = new URL('../../../src/adapters/extractor-remote/remote-extractor.js', import.meta.url).href
    const env = { ...process.env, GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: ca }
    const child = spawn(process.execPath, ['--input-type=module', '-e', code, module, address], {
      env,
      stdio: 'ignore',
    })
    const [exitCode] = (await once(child, 'exit')) as [number]
    return exitCode === 0
  }

  it('trusts the authority that it is told of, and no other', async () => {
    const [ours, others] = [await makeCertificates('ours'), await makeCertificates('others')]
    const { certificate, key } = ours.server
    const pair = { cert_chain: certificate, private_key: key }
    const server = await new CommandedServer().listen(0, grpc.ServerCredentials.createSsl(null, [pair]))
    await writeFile(join(folder, 'ours.pem'), ours.ca)
    await writeFile(join(folder, 'others.pem'), others.ca)
    const address = `127.0.0.1:${server.port}`
    expect(await describesItself(address, join(folder, 'ours.pem'))).to.equal(true)
    expect(await describesItself(address, join(folder, 'others.pem'))).to.equal(false)
    server.close()
  })
})

/** A channel that lost its other end tries again after up to a second; other errors than that are passed on. */
async function untilReached<T>(work: () => Promise<T>): Promise<T> {
  for (let n = 0; ; n++)
    try {
      return await work()
    } catch (error) {
      if (n === 20 || !(error as Error).message.includes('cannot be reached')) throw error
      await wait(100)
    }
}

function wait(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs))
}
