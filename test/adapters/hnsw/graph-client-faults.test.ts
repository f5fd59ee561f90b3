import { expect } from 'chai'
import { execFileSync, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { GraphClient } from '../../../src/adapters/hnsw/graph-client.js'
import { expectCode } from '../../support/errors.js'
import { mulberry32 } from '../../support/random-vectors.js'
import { ENTRY, found, GraphBench, identityVectors, settled, Store, TIMEOUT_MS, until } from './support/graph-bench.js'

const FEATURES = 32
const BENCH = new URL('./support/graph-bench.js', import.meta.url).href
const INSANE = new URL('./support/insane-process.js', import.meta.url)

// Goal: whatever becomes of the graph's process, the service goes on, gets null or a right answer, and a new process comes.
// Method: the real process, killed, stopped, and replaced by ones that have lost their mind.
describe('GraphClient, when the process fails', () => {
  let bench: GraphBench
  beforeEach(() => (bench = new GraphBench()))
  afterEach(() => bench.putAway())

  const store = new Store(identityVectors(800, FEATURES, 1))
  const probe = identityVectors(1, FEATURES, 2)[0]!

  async function expectRecovered(client: GraphClient): Promise<void> {
    await settled(client)
    for (const any of identityVectors(10, FEATURES, 3))
      expect(await found(client, any, 10)).to.deep.equal(store.exact(any, 10))
  }

  it('answers null or rightly when it is killed during searches, and comes back', async () => {
    const folder = await bench.folder()
    const client = await bench.running(store, { featureCount: FEATURES, folder })
    await client.snapshot()
    const random = mulberry32(4)
    const expected = store.exact(probe, 10)
    for (let n = 0; n < 4; n++) {
      const searches = Array.from({ length: 30 }, () => client.search(probe, 10, TIMEOUT_MS))
      await sleep(random() * 10)
      process.kill(client.pid!, 'SIGKILL')
      for (const answer of await Promise.all(searches))
        if (answer !== null) expect(answer.neighbours.map(({ referenceId }) => referenceId)).to.deep.equal(expected)
      await until(() => client.status.state === 'down')
      expect(client.status).to.deep.include({ reason: 'it ended with SIGKILL', nodeCount: 0 })
      expect(await client.search(probe, 10, TIMEOUT_MS)).to.equal(null)
      await expectRecovered(client)
    }
  })

  it('adds what was on its way when it was killed', async () => {
    const client = bench.client({ featureCount: FEATURES })
    const late = new Store(identityVectors(800, FEATURES, 1))
    client.start(late, late.ids)
    const random = mulberry32(5)
    for (let n = 0; n < 3; n++) {
      await until(() => client.pid !== undefined && client.status.nodeCount > 0)
      await sleep(random() * 50)
      client.remove([n + 1])
      late.references.delete(n + 1)
      process.kill(client.pid!, 'SIGKILL')
      await until(() => client.status.state === 'down')
    }
    await settled(client)
    expect(client.status.nodeCount).to.equal(797)
    expect(await found(client, probe, 10)).to.deep.equal(late.exact(probe, 10))
  })

  it('gives null in time when it hangs, at once the next time, and replaces it', async () => {
    const client = await bench.running(store, { featureCount: FEATURES, silenceMsMax: 1_000 })
    const pid = client.pid!
    process.kill(pid, 'SIGSTOP')
    const startMs = performance.now()
    expect(await client.search(probe, 10, 200)).to.equal(null)
    expect(performance.now() - startMs).to.be.within(190, 600)
    expect(await client.search(probe, 10, TIMEOUT_MS)).to.equal(null)
    expect(performance.now() - startMs).to.be.below(600)
    await until(() => client.pid !== pid && client.pid !== undefined)
    await expectRecovered(client)
    expect(bench.log.lines.join()).to.include('it did not answer')
  })

  it('closes during searches, additions and a snapshot', async () => {
    for (const wait of [0, 1, 5, 20]) {
      const folder = await bench.folder()
      const client = await bench.running(store, { featureCount: FEATURES, folder })
      const { pid } = client
      const searches = Array.from({ length: 20 }, () => client.search(probe, 10, TIMEOUT_MS))
      const snapshot = expectCode('UNAVAILABLE', client.snapshot())
      await sleep(wait)
      await client.close()
      for (const answer of await Promise.all(searches))
        if (answer !== null) expect(answer.neighbours).to.have.length(10)
      await snapshot
      expect(isAlive(pid!)).to.equal(false)
      expect(await client.search(probe, 10, TIMEOUT_MS)).to.equal(null)
      expect(client.status).to.include({ state: 'down', reason: 'it was closed' })
      await client.close() // twice is once
    }
  })

  it('does not outlive the process that it serves', async () => {
    const linkFile = new URL('../../../src/adapters/hnsw/graph-link.js', import.meta.url).href
    const code = `const { GraphLink } = await import(${JSON.stringify(linkFile)})
      console.log(new GraphLink(new URL(${JSON.stringify(ENTRY.href)}), 10_000).pid)
      setInterval(() => {}, 1_000)`
    const service = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const pid = await new Promise<number>((resolve) =>
      service.stdout.once('data', (line: Buffer) => resolve(Number(line))),
    )
    process.kill(pid, 0) // it lives
    service.kill('SIGKILL')
    await until(() => !isAlive(pid))
  })

  it('goes on when no more files can be opened, and comes back', () => {
    const code = `const { openSync, closeSync } = await import('node:fs')
      const { GraphBench, identityVectors, settled, Store, until } = await import(${JSON.stringify(BENCH)})
      const store = new Store(identityVectors(50, 32, 1))
      const client = new GraphBench().client({ featureCount: 32 })
      const files = []
      try { for (;;) files.push(openSync('/dev/null')) } catch {}
      client.start(store, store.ids)
      await until(() => client.status.state === 'down')
      console.log(client.status.reason)
      for (const file of files) closeSync(file)
      await settled(client)
      console.log(client.status.state)
      process.exit(0)`
    const out = execFileSync(
      'bash',
      ['-c', 'ulimit -n 100; exec "$0" --input-type=module -e "$1"', process.execPath, code],
      { encoding: 'utf8' },
    )
    expect(out.trim().split('\n')).to.deep.equal(['it could not be started', 'ready'])
  })

  it('goes on when the process cannot be started', async () => {
    const client = bench.client({ featureCount: FEATURES, entry: new URL('./no-such-file.js', import.meta.url) })
    client.start(store, store.ids)
    await until(() => client.status.state === 'down')
    expect(client.status.reason).to.equal('it ended with code 1')
    expect(await client.search(probe, 10, TIMEOUT_MS)).to.equal(null)
  })

  it('waits twice as long before each new start of a process that ends at once: at least 0.25, 0.5 and 1 s', async () => {
    const client = bench.client({ featureCount: FEATURES, entry: new URL('./no-such-file.js', import.meta.url) })
    const startedAtMs = performance.now()
    client.start(store, store.ids)
    await until(() => bench.log.lines.length === 4)
    expect(performance.now() - startedAtMs).to.be.at.least(1_750)
  })

  for (const insanity of [
    'bytes without sense',
    'an endless message',
    'no JSON',
    'another call',
    'a closed pipe',
    'an abort',
    'a fraction for an id',
    'no score',
    'a score of five',
    'the worst first',
    'one twice',
    'no list',
    'nothing',
  ])
    it(`takes no answer from a process that gives ${insanity}`, async () => {
      process.env.TEST_INSANITY = insanity
      const client = await bench.running(store, { featureCount: FEATURES, entry: INSANE })
      expect(await client.search(probe, 10, TIMEOUT_MS)).to.equal(null)
      await until(() => client.status.state === 'down')
      delete process.env.TEST_INSANITY
    })

  it('gives nobody whom the store does not know', async () => {
    process.env.TEST_INSANITY = 'unknown ids'
    const client = await bench.running(store, { featureCount: FEATURES, entry: INSANE })
    expect((await client.search(probe, 10, TIMEOUT_MS))?.neighbours).to.deep.equal([])
    delete process.env.TEST_INSANITY
  })

  it('tells the log nothing of a person', async () => {
    const client = await bench.running(store, { featureCount: FEATURES })
    process.kill(client.pid!, 'SIGKILL')
    await until(() => client.status.state === 'down')
    expect(bench.log.lines).to.deep.equal(['the process of the graph ended {"reason":"it ended with SIGKILL"}'])
  })
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
