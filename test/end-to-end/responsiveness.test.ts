import { setTimeout as sleep } from 'node:timers/promises'
import { status as Code } from '@grpc/grpc-js'
import { expect } from 'chai'
import { definitions } from '../../src/api/proto.js'
import type { BulkEnrolResult__Output } from '../../src/generated/portcullis/v1/BulkEnrolResult.js'
import { TestClient } from '../api/support/client.js'
import { detailsOf } from '../api/support/details.js'
import { until } from '../api/support/until.js'
import { faultsOf } from '../support/end-to-end/data-file.js'
import { inParallel } from '../support/end-to-end/in-parallel.js'
import type { RunningProgram } from '../support/end-to-end/running-program.js'
import { readSampleSubjects } from '../support/end-to-end/samples.js'
import { Sandbox } from '../support/end-to-end/sandbox.js'
import {
  candidateIds,
  createWatchlist,
  enrol,
  enrolmentOf,
  GALLERY_ID,
  identify,
  listWatchlist,
  sendInBulk,
} from '../support/end-to-end/watchlist.js'
import { describeWithModels } from '../support/weights.js'

const { Assess } = definitions.quality
const { Identify } = definitions.identification

const LOAD_MS = 5_000
/** Fits into the queue, which holds 64, and keeps one worker busy for a second or more. */
const CALL_COUNT = 60
/** The cosine of a template with itself, but for rounding to float32. */
const SAME_TEMPLATE = 0.9999
/** So the load is the same on every machine: images wait while one is in work. */
const ONE_WORKER = { PORTCULLIS_WORKERS: '1' }

// Goal: load makes the service slower, never wrong, deaf or stuck. Nothing here measures time: what is specified is the
// order in which calls end, and what they are answered.
describeWithModels('a service under load', (weightsFolder) => {
  let sandbox: Sandbox
  let images: readonly Buffer[]

  before(async () => {
    images = (await readSampleSubjects()).map((subject) => subject.images[0]!)
  })
  beforeEach(async () => {
    sandbox = await Sandbox.open(weightsFolder)
  })
  afterEach(() => sandbox.close())

  const start = async (environment: Readonly<Record<string, string>> = {}): Promise<RunningProgram> => {
    const service = await sandbox.serve(environment)
    await createWatchlist(service.client)
    return service
  }
  const assess = (client: TestClient, i: number) => client.call(Assess, { image: { data: images[i % images.length]! } })

  it('answers health checks and gives right replies while four clients enrol and identify', async () => {
    const service = await start()
    const endMs = performance.now() + LOAD_MS
    const enrolledIds: string[] = []

    /** Enrols somebody, who must be found in the same breath, and goes on. */
    const work = async (name: string): Promise<void> => {
      const client = new TestClient(service.port)
      for (let i = 0; performance.now() < endMs; i++) {
        const image = images[i % images.length]!
        const subject = await enrol(client, enrolmentOf(`${name}-${i}`, [image]))
        enrolledIds.push(subject.subjectId)
        const knownIds = [...enrolledIds]
        const found = await identify(client, image, SAME_TEMPLATE)
        expect(candidateIds(found)).to.include(subject.subjectId)
        expect(found.evidence?.referencesCoveredCount).to.be.at.least(knownIds.length)
      }
      client.close()
    }
    const watch = async (): Promise<number> => {
      let checkCount = 0
      for (; performance.now() < endMs; checkCount++) {
        expect(await service.health()).to.equal('SERVING')
        await sleep(20)
      }
      return checkCount
    }
    const [checkCount] = await Promise.all([watch(), ...['a', 'b', 'c', 'd'].map(work)])

    expect(checkCount).to.be.greaterThan(10)
    expect(enrolledIds.length).to.be.greaterThan(4)
    const listed = await listWatchlist(service.client)
    expect(listed.map(({ subjectId }) => subjectId)).to.have.members(enrolledIds)
  })

  it('ends a cancelled call and an expired one before the calls that came earlier', async () => {
    const service = await start(ONE_WORKER)
    const earlier = Promise.all(Array.from({ length: CALL_COUNT }, (_, i) => assess(service.client, i)))
    const probe = { probe: { data: images[0]! }, galleryIds: [GALLERY_ID] }
    const endedAs = (status: string) =>
      service.logLines.filter((line) => line.includes(Identify.path) && line.includes(`"${status}"`)).length
    const answeredCount = () => service.logLines.filter((line) => line.includes(Assess.path)).length

    await until('the load is under way', () => answeredCount() > 0)
    const cancelled = service.client.failure(Identify, probe, {}, (cancel) => void sleep(50).then(cancel))
    const expired = service.client.failure(Identify, probe, { deadline: Date.now() + 100 })
    expect((await cancelled).code).to.equal(Code.CANCELLED)
    expect((await expired).code).to.equal(Code.DEADLINE_EXCEEDED)
    await until('both have ended at the service too', () => endedAs('CANCELLED') + endedAs('DEADLINE_EXCEEDED') === 2)
    expect(answeredCount()).to.be.lessThan(CALL_COUNT)

    expect(await earlier).to.have.length(CALL_COUNT)
    expect((await service.client.call(Identify, probe)).outcome).to.equal('NO_CANDIDATE') // an empty gallery
  })

  it('tells callers to come back when the queue is full, and serves them when they do', async () => {
    const service = await start({ ...ONE_WORKER, PORTCULLIS_QUEUE_LENGTH: '1' })
    await enrol(service.client, enrolmentOf('listed', [images[0]!]))
    let refusedCount = 0

    const persistently = async (): Promise<readonly string[]> => {
      for (;;) {
        const answer = await identify(service.client, images[0]!, SAME_TEMPLATE).catch((error: unknown) => error)
        if (!(answer instanceof Error)) return candidateIds(answer as Awaited<ReturnType<typeof identify>>)
        const { code, errorInfo, retryInfo } = detailsOf(answer as never)
        expect([code, errorInfo?.reason]).to.deep.equal([Code.RESOURCE_EXHAUSTED, 'OVERLOADED'])
        const { seconds, nanos } = retryInfo!.retryDelay!
        expect(seconds * 1e9 + nanos).to.be.greaterThan(0)
        refusedCount++
        await sleep(seconds * 1_000 + nanos / 1e6)
      }
    }
    const found = await Promise.all(Array.from({ length: 12 }, persistently))
    expect(found).to.deep.equal(found.map(() => ['listed']))
    expect(refusedCount).to.be.greaterThan(0)
    expect(await service.health()).to.equal('SERVING')
  })

  it('works a stream off although the queue is shorter than what a stream may have in work', async () => {
    const service = await start({ ...ONE_WORKER, PORTCULLIS_QUEUE_LENGTH: '1' })
    const requests = images.map((image, i) => enrolmentOf(`subject-${i}`, [image]))
    const outcomes: string[] = []
    for await (const result of sendInBulk(service.client, requests))
      outcomes.push((result as BulkEnrolResult__Output).outcome!)
    expect(outcomes).to.deep.equal(requests.map(() => 'subject'))
  })

  it('answers the calls in work before it stops on SIGTERM, takes no new ones, and leaves an intact data file', async () => {
    const service = await start(ONE_WORKER)
    const requests = images.map((image, i) => enrolmentOf(`subject-${i}`, [image]))
    const singly = requests.slice(0, 4).map((request) => enrol(service.client, request))
    const answeredIds: string[] = []
    const inBulk = (async () => {
      for await (const result of sendInBulk(service.client, requests.slice(4)))
        answeredIds.push((result as BulkEnrolResult__Output).subject!.subjectId)
    })()
    await until('the stream is under way', () => answeredIds.length > 0)

    const exit = service.program.end('SIGTERM')
    await until('it stops', () => service.program.stderr.includes('stopping'))
    expect((await service.client.failure(Identify, {})).code).to.equal(Code.UNAVAILABLE)
    const subjects = await Promise.all(singly)
    await inBulk
    expect(await exit).to.deep.equal({ code: 0, signal: null })
    expect(await faultsOf(sandbox.dataFile)).to.deep.equal([])

    const again = await sandbox.serve()
    answeredIds.push(...subjects.map(({ subjectId }) => subjectId))
    expect(answeredIds).to.have.members(requests.map(({ subjectId }) => subjectId))
    await inParallel(requests, 4, async ({ subjectId, encounter }) => {
      const found = await identify(again.client, encounter!.samples![0]!.data as Buffer, SAME_TEMPLATE)
      expect(candidateIds(found)).to.deep.equal([subjectId])
    })
  })
})
