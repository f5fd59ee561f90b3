import { connect } from 'node:net'
import { Client, credentials, status as Code } from '@grpc/grpc-js'
import { expect } from 'chai'
import { definitions } from '../../src/api/proto.js'
import { LocalShard } from '../../src/engines/search/local-shard.js'
import { VerifiedIndex } from '../../src/engines/search/verified-index.js'
import { SYNTHETIC_FEATURE_COUNT as FEATURES } from '../support/synthetic-analyser.js'
import { aFace, noFace } from './support/faces.js'
import { ForgetfulGraph } from './support/forgetful-graph.js'
import { createGallery } from './support/running-service.js'
import { startWatchedService, type WatchedService } from './support/watched-service.js'

const { CreateSubject, AddEncounter } = definitions.enrolment
const { Identify } = definitions.identification

/** Three subjects, at 0°, 10° and 40°, in the gallery "watch". */
async function enrolThree({ service: { client } }: WatchedService): Promise<void> {
  await createGallery(client, 'watch')
  for (const angleDeg of [0, 10, 40])
    await client.call(CreateSubject, {
      requestId: `enrol ${angleDeg}`,
      subjectId: `QDi.${angleDeg}`,
      displayName: `Name at ${angleDeg}`,
      galleryIds: ['watch'],
      encounter: { samples: [{ data: aFace(angleDeg) }] },
    })
}

const search = (data: Buffer) => ({ probe: { data }, galleryIds: ['watch'], thresholdScore: 0.9 })

// Goal: what Prometheus reads is what happened. Method: real calls and real scrapes, few enough to be counted by hand.
describe('GET /metrics of a service', () => {
  let watched: WatchedService
  afterEach(() => watched.stop())

  it('counts calls by method and status, with their durations', async () => {
    watched = await startWatchedService()
    const { client } = watched.service
    await enrolThree(watched)
    await client.call(Identify, search(aFace(0)))
    await client.call(Identify, search(aFace(90)))
    await client.refusal(Identify, { ...search(aFace(0)), galleryIds: ['nowhere'] })
    const scrape = await watched.scrape()
    const identify = 'method="/portcullis.v1.IdentificationService/Identify"'
    expect(scrape.family('portcullis_grpc_calls_total')).to.deep.equal({
      'portcullis_grpc_calls_total{method="/portcullis.v1.GalleryService/CreateGallery",status="OK"}': 1,
      'portcullis_grpc_calls_total{method="/portcullis.v1.EnrolmentService/CreateSubject",status="OK"}': 3,
      [`portcullis_grpc_calls_total{${identify},status="OK"}`]: 2,
      [`portcullis_grpc_calls_total{${identify},status="NOT_FOUND"}`]: 1,
    })
    expect(scrape.value(`portcullis_grpc_call_duration_seconds_count{${identify}}`)).to.equal(3)
    expect(scrape.value(`portcullis_grpc_call_duration_seconds_sum{${identify}}`)).to.be.within(0.000_1, 10)
  })

  it('makes no series of methods that callers invent', async () => {
    watched = await startWatchedService()
    const client = new Client(`127.0.0.1:${watched.service.server.port}`, credentials.createInsecure())
    const bytes = (value: Buffer) => value
    for (let i = 0; i < 20; i++) {
      const code = await new Promise((resolve) => {
        const method = `/portcullis.v1.IdentificationService/Invented${i}`
        client.makeUnaryRequest(method, bytes, bytes, Buffer.alloc(0), (error) => resolve(error?.code))
      })
      expect(code).to.equal(Code.UNIMPLEMENTED)
    }
    client.close()
    expect((await watched.scrape()).family('portcullis_grpc_calls_total')).to.deep.equal({})
  })

  it('counts searches by mode and outcome, and what they compared and covered', async () => {
    watched = await startWatchedService()
    const { client } = watched.service
    await enrolThree(watched)
    const answers = [
      await client.call(Identify, search(aFace(0))),
      await client.call(Identify, search(aFace(5))),
      await client.call(Identify, search(aFace(180))),
    ]
    await client.call(Identify, search(noFace()))
    await client.refusal(Identify, { ...search(aFace(0)), galleryIds: ['nowhere'] })
    const comparedCount = answers.reduce((sum, { evidence }) => sum + Number(evidence?.comparedCount), 0)
    expect(comparedCount).to.be.greaterThan(3) // 2 + 2 candidates at least

    const scrape = await watched.scrape()
    expect(scrape.family('portcullis_searches_total')).to.deep.equal({
      'portcullis_searches_total{mode="exact",outcome="refer-for-review",reason="none"}': 2,
      'portcullis_searches_total{mode="exact",outcome="no-candidate",reason="none"}': 1,
      'portcullis_searches_total{mode="none",outcome="inconclusive",reason="none"}': 1,
      'portcullis_searches_total{mode="none",outcome="failed",reason="GALLERY_NOT_FOUND"}': 1,
    })
    expect(scrape.value('portcullis_search_duration_seconds_count{mode="exact"}')).to.equal(3)
    expect(scrape.value('portcullis_search_compared_references_sum{mode="exact"}')).to.equal(comparedCount)
    expect(scrape.value('portcullis_search_covered_references_total{mode="exact"}')).to.equal(3 * 3)
    expect(scrape.value('portcullis_index_references')).to.equal(3)
    expect(scrape.value('portcullis_index_state{state="ready"}')).to.equal(1)
    expect(scrape.value('portcullis_graph_state{state="none"}')).to.equal(1)
  })

  it('counts enrolments, and why others came to nothing', async () => {
    watched = await startWatchedService()
    const { client } = watched.service
    await enrolThree(watched)
    const encounter = { samples: [{ data: aFace(0) }] }
    await client.call(AddEncounter, { subjectId: 'QDi.0', encounter })
    const again = { requestId: 'once', subjectId: 'QDi.10', encounter }
    for (let i = 0; i < 3; i++) await client.call(AddEncounter, again)
    await client.call(CreateSubject, { subjectId: 'bare', galleryIds: ['watch'] })
    await client.refusal(AddEncounter, { subjectId: 'QDi.0', encounter: { samples: [{ data: noFace() }] } })
    await client.refusal(CreateSubject, { subjectId: 'QDi.0', encounter })
    watched.service.analyser.bug = new Error('a bug')
    await client.failure(AddEncounter, { subjectId: 'QDi.0', encounter })

    expect((await watched.scrape()).family('portcullis_enrolments_total')).to.deep.equal({
      'portcullis_enrolments_total{outcome="enrolled",reason="none"}': 5,
      'portcullis_enrolments_total{outcome="replayed",reason="none"}': 2,
      'portcullis_enrolments_total{outcome="refused",reason="NO_FACE"}': 1,
      'portcullis_enrolments_total{outcome="failed",reason="SUBJECT_EXISTS"}': 1,
      'portcullis_enrolments_total{outcome="failed",reason="INTERNAL"}': 1,
    })
  })

  it('counts an enrolment once that is sent twice at the same time', async () => {
    watched = await startWatchedService()
    const { client, analyser } = watched.service
    await enrolThree(watched)
    analyser.durationMs = 50 // both are past the first look for a kept answer when the first one is stored
    const again = { requestId: 'once', subjectId: 'QDi.10', encounter: { samples: [{ data: aFace(0) }] } }
    await Promise.all([client.call(AddEncounter, again), client.call(AddEncounter, again)])
    expect(analyser.startedCount).to.equal(5)
    expect((await watched.scrape()).family('portcullis_enrolments_total')).to.deep.equal({
      'portcullis_enrolments_total{outcome="enrolled",reason="none"}': 4,
      'portcullis_enrolments_total{outcome="replayed",reason="none"}': 1,
    })
  })

  it('shows what the exact scan found wrong with the graph', async () => {
    const graph = new ForgetfulGraph()
    const featureCount = FEATURES
    watched = await startWatchedService(
      (source, onLoadNeeded) =>
        new VerifiedIndex({ featureCount, shards: [new LocalShard(), new LocalShard()], graph, source, onLoadNeeded }),
    )
    await enrolThree(watched)
    const verified = { ...search(aFace(0)), searchMode: 'SEARCH_MODE_VERIFIED' } as const
    await watched.service.client.call(Identify, verified) // 0° and 10° reach the threshold of 0.9; cos 40° = 0.77
    graph.forgotten.add(1)
    await watched.service.client.call(Identify, verified)

    const scrape = await watched.scrape()
    expect(scrape.value('portcullis_recall_checked_total')).to.equal(4)
    expect(scrape.value('portcullis_recall_missed_total')).to.equal(1)
    // Wilson's interval for 1 of 4 at z = 1.96: (0.25 + 0.4802 + 0.6408) / 1.9604
    expect(scrape.value('portcullis_recall_miss_rate_upper95')).to.be.closeTo(0.6994, 1e-4)
    expect(scrape.value('portcullis_graph_state{state="ready"}')).to.equal(1)
    expect(scrape.value('portcullis_graph_nodes')).to.equal(3)
    expect(scrape.value('portcullis_graph_breadth')).to.equal(800)
    expect(
      scrape.value('portcullis_searches_total{mode="verified",outcome="refer-for-review",reason="none"}'),
    ).to.equal(2)
    expect(Object.keys(scrape.family('portcullis_index_shard_bytes'))).to.have.length(2)
  })

  it('leaves the service alone when its port is abused', async () => {
    watched = await startWatchedService()
    const { client } = watched.service
    await enrolThree(watched)
    const { port } = watched.endpoint
    const sockets = Array.from({ length: 50 }, () => connect(port, '127.0.0.1').on('error', () => undefined))
    for (const [i, socket] of sockets.entries())
      socket.write(`GET /metrics HTTP/1.1\r\n${i % 2 === 0 ? `X: ${'x'.repeat(100_000)}` : 'X'}`)
    for (let i = 0; i < 5; i++) {
      const { candidates } = await client.call(Identify, search(aFace(0)), { deadline: Date.now() + 2_000 })
      expect(candidates.map(({ subjectId }) => subjectId)).to.deep.equal(['QDi.0', 'QDi.10'])
    }
    for (const socket of sockets) socket.destroy()
    const identify = 'portcullis_grpc_calls_total{method="/portcullis.v1.IdentificationService/Identify",status="OK"}'
    expect((await watched.scrape()).value(identify)).to.equal(5)
  })

  it('names nobody, no gallery and no call', async () => {
    watched = await startWatchedService()
    const { client, logger } = watched.service
    await enrolThree(watched)
    await client.call(Identify, search(aFace(0)))
    await client.refusal(Identify, { ...search(aFace(0)), galleryIds: ['nowhere'] })
    const { text } = await watched.scrape()
    const callIds = logger.entries.map(({ fields }) => fields.callId as string)
    expect(callIds).to.have.length(6)
    for (const secret of ['watch', 'nowhere', 'QDi', 'Name at', 'Border police', 'enrol 0', ...callIds])
      expect(text).to.not.include(secret)
  })

  it('shows process and event loop', async () => {
    watched = await startWatchedService()
    const scrape = await watched.scrape()
    expect(scrape.value('process_resident_memory_bytes')).to.be.greaterThan(10 * 2 ** 20)
    expect(scrape.value('nodejs_eventloop_lag_p99_seconds')).to.be.within(0, 10)
  })
})
