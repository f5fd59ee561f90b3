import { expect } from 'chai'
import { join } from 'node:path'
import { VerifiedIndex } from '../../src/engines/search/verified-index.js'
import { LocalShard } from '../../src/engines/search/local-shard.js'
import type { AuditIndexProgress__Output } from '../../src/generated/portcullis/v1/AuditIndexProgress.js'
import type { IdentifyResponse__Output } from '../../src/generated/portcullis/v1/IdentifyResponse.js'
import type { IndexStatus__Output } from '../../src/generated/portcullis/v1/IndexStatus.js'
import type { VerifyIndexProgress__Output } from '../../src/generated/portcullis/v1/VerifyIndexProgress.js'
import { ForgetfulGraph } from '../api/support/forgetful-graph.js'
import { aFace, SYNTHETIC_FEATURE_COUNT } from '../support/synthetic-analyser.js'
import { CliBench, failureOf } from './support/cli-bench.js'

// Goal: an operator sees the state of the index, and the exit code tells a script whether it is right.
// Method: the real program against a service whose shard and graph are spoilt behind its back.
describe('portcullis index', () => {
  let bench: CliBench
  let shard: LocalShard
  let graph: ForgetfulGraph
  beforeEach(async () => {
    shard = new LocalShard()
    graph = new ForgetfulGraph()
    bench = await CliBench.open({}, (source, onLoadNeeded) => {
      const featureCount = SYNTHETIC_FEATURE_COUNT
      return new VerifiedIndex({ featureCount, shards: [shard], graph, source, onLoadNeeded })
    })
    await bench.service.addGallery('watch')
    for (let i = 0; i < 20; i++) await bench.service.enrol(`s${i}`, 18 * i, ['watch'])
    await bench.put('probe.jpg', aFace(0))
  })
  afterEach(() => bench.close())

  const json = async <Answer>(...args: string[]) =>
    JSON.parse((await bench.run('index', ...args, '--json')).out) as Answer
  const identify = (...more: string[]) =>
    bench.run('identify', join(bench.folder, 'probe.jpg'), '--gallery', 'watch', ...more)

  it('shows the state, for people and as JSON', async () => {
    const { code, out, err } = await bench.run('index', 'status')
    expect({ code, err }).to.deep.equal({ code: 0, err: '' })
    expect(out).to.match(/^Index {5}ready; loaded again 0 times since the start\n/)
    expect(out).to.include('Holds     20 references of circle@000000000001\n')
    expect(out).to.match(/Shard 0 {3}20 rows in \d+\.\d MiB, \d+ that 8 bits fit badly\nCodes {5}step 0\.\d+, error at/)
    expect(out).to.match(/Graph {5}ready\n {10}20 nodes, 0 references pending, breadth 800\n {10}no snapshot\n/)
    const status = await json<IndexStatus__Output>('status')
    expect(status).to.deep.include({ state: 'INDEX_STATE_READY', referenceCount: 20 })
    expect(status.graph).to.deep.include({ state: 'GRAPH_STATE_READY', snapshotAt: null })
  })

  it('verifies all or a sample, and fails with exit code 1 until the index is rebuilt', async () => {
    const good = await bench.run('index', 'verify', '--seed', '5')
    expect(good).to.deep.equal({
      code: 0,
      out: 'Verified  20 references by their own templates, seed 5\nFailed    none\n',
      err: '',
    })
    await shard.remove([7])
    const bad = await bench.run('index', 'verify', '--progress')
    expect(bad.code).to.equal(1)
    expect(bad.out).to.include('FAILED    1: run portcullis index rebuild')
    expect(bad.err).to.include('20/20 references')
    expect(await json<VerifyIndexProgress__Output>('verify', '--sample', '6')).to.include({ totalCount: 6 })

    const graphOnly = await json<IndexStatus__Output>('rebuild', '--graph-only')
    expect(graphOnly).to.include({ recoveryCount: 0 })
    expect((await bench.run('index', 'verify')).code).to.equal(1)
    expect((await bench.run('index', 'rebuild')).out).to.match(/^Index {5}ready; loaded again 1 times/)
    expect((await bench.run('index', 'verify')).code).to.equal(0)
    expect(graph.rebuiltCount).to.equal(2)
  })

  it('audits the graph against the exact scan', async () => {
    const good = await bench.run('index', 'audit', '--probes', '10', '--seed', '5')
    expect(good.code).to.equal(0)
    expect(good.out).to.include('Audited   10 probes against the exact scan, seed 5')
    expect(good.out).to.match(
      /hnsw.*10.*0 of 100 missed, at most 3 % with 95 % confidence.*0 of 10 missed, at most 30 %/,
    )
    graph.forgotten.add(3)
    const bad = await json<AuditIndexProgress__Output>('audit')
    expect(bad.hnsw?.neighbours?.missedCount).to.be.greaterThan(0)
    expect(bad.verified?.neighbours).to.include({ checkedCount: 200, missedCount: 0 })
  })

  it('identifies in the mode that is asked for, and prints what it proves', async () => {
    graph.forgotten.add(1)
    const modeOf = async (mode: string) => {
      const { evidence } = JSON.parse((await identify('--mode', mode, '--json')).out) as IdentifyResponse__Output
      return [evidence?.searchMode, evidence?.missedByGraphCount]
    }
    expect(await modeOf('exact')).to.deep.equal(['exact', 0])
    expect(await modeOf('verified')).to.deep.equal(['verified', 1])
    expect(await modeOf('hnsw')).to.deep.equal(['hnsw', 0])
    expect(await modeOf('auto')).to.deep.equal(['verified', 1])
    const verified = await identify()
    expect(verified.out).to.match(/Proof {5}every score within 0\.0\d+ of the list was compared on stored features/)
    expect(verified.out).to.include('the graph had missed 1; the exact scan added them')
    expect(verified.out).to.match(/Audit {5}the graph: 3 of \d+ missed, at most/)
    const hnsw = await identify('--mode', 'hnsw')
    expect(hnsw.out).to.include('NO proof  the graph alone was searched').and.not.include('Proof  ')
  })

  it('names wrong options, and a service that is not there', async () => {
    expect((await identify('--mode', 'fast')).err).to.include('auto, exact, verified, hnsw')
    for (const args of [
      ['--sample', '-1'],
      ['--seed', '4294967296'],
    ])
      expect((await bench.run('index', 'verify', ...args)).err).to.match(/^error: .*It must be a whole number from 0/)
    expect((await bench.run('index', 'audit', '--probes', '0')).err).to.include('a whole number from 1 to 100000')
    for (const command of ['status', 'verify', 'audit']) {
      const failed = await bench.run('index', command, '--server', '127.0.0.1:1', '--timeout', '1', '--json')
      expect([failed.code, failureOf(failed).reason]).to.deep.equal([1, 'SERVER_UNREACHABLE'])
    }
  })
})
