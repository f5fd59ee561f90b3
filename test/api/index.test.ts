import { status as Code, type ClientReadableStream } from '@grpc/grpc-js'
import { expect } from 'chai'
import { GraphClient } from '../../src/adapters/hnsw/graph-client.js'
import { definitions } from '../../src/api/proto.js'
import { LocalShard } from '../../src/engines/search/local-shard.js'
import { VerifiedIndex } from '../../src/engines/search/verified-index.js'
import type { AuditIndexRequest } from '../../src/generated/portcullis/v1/AuditIndexRequest.js'
import type { VerifyIndexProgress__Output } from '../../src/generated/portcullis/v1/VerifyIndexProgress.js'
import type { VerifyIndexRequest } from '../../src/generated/portcullis/v1/VerifyIndexRequest.js'
import type { IndexFactory } from '../../src/services/references.js'
import { exactIndex } from '../support/exact-index.js'
import { SYNTHETIC_FEATURE_COUNT as FEATURES } from '../support/synthetic-analyser.js'
import { CollectingLogger } from './support/collecting-logger.js'
import { aFace } from './support/faces.js'
import { ForgetfulGraph } from './support/forgetful-graph.js'
import { HeldShard } from './support/held-shard.js'
import { createGallery, startService, type RunningService } from './support/running-service.js'
import { drainAnswers } from './support/server-stream.js'
import { until } from './support/until.js'

const { GetIndexStatus, RebuildIndex, VerifyIndex, AuditIndex } = definitions.index
const { Identify } = definitions.identification
const { CreateSubject, DeleteSubject } = definitions.enrolment

/** Subjects "s-0" and so on, evenly around the circle; the data file numbers their references from 1. */
async function enrol(service: RunningService, count: number): Promise<void> {
  await createGallery(service.client, 'watch')
  for (let i = 0; i < count; i++)
    await service.client.call(CreateSubject, {
      subjectId: `s-${i}`,
      galleryIds: i % 4 === 3 ? [] : ['watch'],
      encounter: { samples: [{ data: aFace((360 * i) / count) }] },
    })
}

async function lastOf<Output>(stream: ClientReadableStream<Output>): Promise<Output> {
  const { answers, status } = await drainAnswers(stream)
  expect(status).to.include({ code: Code.OK, details: 'OK' })
  return answers.at(-1) as Output
}

// Goal: the operator learns what the index holds, and whether it is right. Method: a real index over known angles, of which
// shards and graph are then spoilt behind its back.
describe('IndexService over gRPC', () => {
  let service: RunningService
  afterEach(() => service.stop())

  const verify = (request: VerifyIndexRequest = {}) => lastOf(service.client.serverStream(VerifyIndex, request))

  /** The service learns that a caller is gone a moment after the caller does. */
  async function verifyWhenFree(): Promise<VerifyIndexProgress__Output> {
    for (;;) {
      const { answers, status } = await drainAnswers(service.client.serverStream(VerifyIndex, {}))
      if (status.code === Code.OK) return answers.at(-1)!
      expect(status).to.include({ code: Code.RESOURCE_EXHAUSTED })
    }
  }

  describe('with the exact scan alone', () => {
    let shards: readonly [HeldShard, HeldShard]
    beforeEach(async () => {
      shards = [new HeldShard(), new HeldShard()]
      service = await startService({}, exactIndex(FEATURES, shards))
      await enrol(service, 40)
    })

    it('says what it holds', async () => {
      const status = await service.client.call(GetIndexStatus, {})
      expect(status).to.deep.include({
        algorithm: service.analyser.algorithm.algorithm,
        state: 'INDEX_STATE_READY',
        referenceCount: 40,
        graph: null,
        audit: { checkedCount: 0, missedCount: 0, missRateUpper95: 1 },
        recoveryCount: 0,
      })
      expect(status.shards.map(({ rowCount }) => rowCount)).to.deep.equal([20, 20])
      expect(status.quantiser?.step).to.be.greaterThan(0)
    })

    it('finds every reference by its own template, also those in no gallery', async () => {
      expect(await verify({ seed: 7 })).to.deep.equal({
        totalCount: 40,
        checkedCount: 40,
        failedCount: 0,
        goneCount: 0,
        seed: 7,
      })
      expect(await verify({ sampleCount: 12 })).to.include({ totalCount: 12, checkedCount: 12, failedCount: 0 })
      expect(await verify({ sampleCount: 1000 })).to.include({ totalCount: 40, checkedCount: 40 })
    })

    it('counts references that a shard lost or holds under other galleries, until it is rebuilt', async () => {
      await shards[0].remove([2, 4])
      await shards[1].remove([1])
      await shards[1].setTags([{ referenceId: 5, tag: 999 }])
      // Whichever shard holds them: removing or tagging what is not there changes nothing.
      await shards[0].remove([1])
      await shards[1].remove([2, 4])
      await shards[0].setTags([{ referenceId: 5, tag: 999 }])
      expect(await verify()).to.include({ totalCount: 40, checkedCount: 40, failedCount: 4 })

      const status = await service.client.call(RebuildIndex, {})
      expect(status).to.include({ state: 'INDEX_STATE_READY', referenceCount: 40, recoveryCount: 1 })
      expect(await verify()).to.include({ failedCount: 0 })
    })

    it('passes a hundred people with one template, and rightly so', async () => {
      for (let i = 0; i < 100; i++)
        await service.client.call(CreateSubject, { encounter: { samples: [{ data: aFace(90) }] } })
      expect(await verify()).to.include({ checkedCount: 140, failedCount: 0 })
    })

    it('does not blame the index for a subject that is deleted meanwhile', async () => {
      const letGo = shards[0].hold()
      const result = verify()
      await until('it searches', () => shards[0].startedCount > 0)
      await service.client.call(DeleteSubject, { subjectId: 's-0' })
      await service.client.call(DeleteSubject, { subjectId: 's-39' })
      letGo()
      expect(await result).to.include({ checkedCount: 40, failedCount: 0, goneCount: 2 })
    })

    it('does one verification at a time, and the next one when the caller has gone', async () => {
      const letGo = shards[0].hold()
      const first = service.client.serverStream(VerifyIndex, {})
      const ended = drainAnswers(first)
      await until('it searches', () => shards[0].startedCount > 0)
      const second = await drainAnswers(service.client.serverStream(VerifyIndex, {}))
      expect(second.status).to.include({ code: Code.RESOURCE_EXHAUSTED })
      first.cancel()
      expect((await ended).status).to.include({ code: Code.CANCELLED })
      letGo()
      expect(await verifyWhenFree()).to.include({ checkedCount: 40, failedCount: 0 })
    })

    it('ends at the deadline', async () => {
      const letGo = shards[0].hold()
      const stream = service.client.serverStream(VerifyIndex, {}, { deadline: Date.now() + 100 })
      expect((await drainAnswers(stream)).status).to.include({ code: Code.DEADLINE_EXCEEDED })
      expect(shards[0].startedCount).to.equal(8)
      letGo()
      expect(await verifyWhenFree()).to.include({ checkedCount: 40, failedCount: 0 })
      expect(shards[0].startedCount).to.equal(8 + 40) // the first one went no further
    })

    it('has nothing to audit', async () => {
      const { status } = await drainAnswers(service.client.serverStream(AuditIndex, {}))
      expect(status).to.include({ code: Code.UNAVAILABLE })
      expect(status.details).to.include('a service without one')
    })

    it('refuses a search mode that it does not know, and answers every one that it knows exactly', async () => {
      const request = { probe: { data: aFace(0) }, galleryIds: ['watch'], thresholdScore: 0.9 }
      const wrong = await service.client.refusal(Identify, { ...request, searchMode: 77 as never })
      expect([wrong.code, wrong.badRequest?.fieldViolations[0]?.field]).to.deep.equal([
        Code.INVALID_ARGUMENT,
        'search_mode',
      ])
      for (const searchMode of [
        'SEARCH_MODE_UNSPECIFIED',
        'SEARCH_MODE_AUTO',
        'SEARCH_MODE_EXACT',
        'SEARCH_MODE_VERIFIED',
        'SEARCH_MODE_HNSW',
      ] as const) {
        const { evidence } = await service.client.call(Identify, { ...request, searchMode })
        expect(evidence).to.deep.include({ searchMode: 'exact', missedByGraphCount: 0 })
        expect(evidence?.scoreBound).to.be.within(0, 0.1)
        expect(evidence).to.not.have.property('snapshotAgeMs')
      }
    })
  })

  describe('with a graph that forgets', () => {
    let graph: ForgetfulGraph
    beforeEach(async () => {
      graph = new ForgetfulGraph()
      service = await startService({}, withGraph(graph))
      await enrol(service, 40)
    })

    const audit = (request: AuditIndexRequest) => lastOf(service.client.serverStream(AuditIndex, request))

    it('counts what the graph misses, and nothing with the exact scan behind it', async () => {
      const good = await audit({ seed: 5 })
      expect(good).to.deep.include({ totalCount: 40, checkedCount: 40, seed: 5 })
      for (const mode of [good.hnsw, good.verified])
        expect(mode).to.deep.equal({
          searchCount: 40,
          neighbours: { checkedCount: 400, missedCount: 0, missRateUpper95: 3 / 400 },
          best: { checkedCount: 40, missedCount: 0, missRateUpper95: 3 / 40 },
        })

      for (const referenceId of [3, 17, 30]) graph.forgotten.add(referenceId)
      const bad = await audit({ seed: 5 })
      // Each of the three is among the 10 most similar of about 10 probes.
      expect(bad.hnsw?.neighbours?.missedCount).to.be.within(15, 45)
      expect(bad.hnsw?.best?.missedCount).to.be.within(1, 10)
      expect(bad.verified?.neighbours).to.include({ checkedCount: 400, missedCount: 0 })
      expect(await audit({ seed: 5 })).to.deep.equal(bad)
      expect(graph.broadenedCount).to.be.greaterThan(0)
      const { audit: seen } = await service.client.call(GetIndexStatus, {})
      expect(seen?.missedCount).to.be.greaterThan(0)
    })

    it('tells in the evidence of a search what the graph had missed', async () => {
      graph.forgotten.add(1)
      const request = { probe: { data: aFace(0) }, galleryIds: ['watch'], thresholdScore: 0.9 }
      const verified = await service.client.call(Identify, { ...request, searchMode: 'SEARCH_MODE_VERIFIED' })
      expect(verified.candidates[0]?.subjectId).to.equal('s-0')
      expect(verified.evidence).to.deep.include({ searchMode: 'verified', missedByGraphCount: 1 })
      expect(verified.evidence?.audit).to.include({ missedCount: 1 })

      const hnsw = await service.client.call(Identify, { ...request, searchMode: 'SEARCH_MODE_HNSW' })
      expect(hnsw.candidates[0]?.subjectId).to.not.equal('s-0')
      expect(hnsw.evidence).to.deep.include({ searchMode: 'hnsw', missedByGraphCount: 0 })
      expect(hnsw.evidence).to.not.have.property('scoreBound')
    })

    it('rebuilds the graph, with the exact scan or without', async () => {
      const graphOnly = await service.client.call(RebuildIndex, { graphOnly: true })
      expect([graph.rebuiltCount, graphOnly.recoveryCount]).to.deep.equal([1, 0])
      const both = await service.client.call(RebuildIndex, {})
      expect([graph.rebuiltCount, both.recoveryCount]).to.deep.equal([2, 1])
    })

    it('refuses too many probes', async () => {
      const { status } = await drainAnswers(service.client.serverStream(AuditIndex, { probeCount: 100_001 }))
      expect(status).to.include({ code: Code.INVALID_ARGUMENT })
    })
  })

  it('reports, audits and rebuilds the real graph', async () => {
    const options = { featureCount: FEATURES, algorithm: 'circle@000000000001', folder: null, sizeMin: 10 }
    const entry = new URL('../../src/graph-process.js', import.meta.url)
    const logger = new CollectingLogger()
    const graph = new GraphClient({ ...options, entry, snapshotEveryMs: 3_600_000, logger })
    service = await startService({}, withGraph(graph))
    await enrol(service, 40)
    const isReady = () => graph.status.state === 'ready' && graph.status.pendingCount === 0
    await until('the graph is ready', isReady)
    const { graph: status } = await service.client.call(GetIndexStatus, {})
    expect(status).to.deep.equal({
      state: 'GRAPH_STATE_READY',
      nodeCount: 40,
      pendingCount: 0,
      breadth: 800,
      snapshotAt: null,
      reason: '',
    })
    const audit = await lastOf(service.client.serverStream(AuditIndex, {}))
    expect(audit.hnsw).to.deep.include({ searchCount: 40 })
    expect(audit.hnsw?.neighbours).to.include({ checkedCount: 400, missedCount: 0 })

    const { pid } = graph
    const rebuilding = await service.client.call(RebuildIndex, { graphOnly: true })
    expect(rebuilding.graph).to.include({ state: 'GRAPH_STATE_BUILDING', reason: 'it is to be built anew' })
    await until('another graph is ready', () => graph.pid !== pid && isReady())
    expect(graph.status.nodeCount).to.equal(40)
  })
})

function withGraph(graph: ForgetfulGraph | GraphClient): IndexFactory {
  return (source, onLoadNeeded) =>
    new VerifiedIndex({ featureCount: FEATURES, shards: [new LocalShard()], graph, source, onLoadNeeded })
}
