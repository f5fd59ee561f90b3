import { setTimeout as sleep } from 'node:timers/promises'
import { status as Code } from '@grpc/grpc-js'
import { expect } from 'chai'
import { ADMISSION } from '../../src/api/admission.js'
import { definitions } from '../../src/api/proto.js'
import { LIMITS } from '../../src/domain/limits.js'
import { drainStream } from './support/client.js'
import { decodeStatus, detailsOf } from './support/details.js'
import { aFace, noFace } from './support/faces.js'
import { createGallery, startService, type RunningService } from './support/running-service.js'
import { until } from './support/until.js'

const { BulkEnrol, CreateSubject, GetSubject, ListSubjects } = definitions.enrolment
const { BatchIdentify } = definitions.identification

// Goal: streams of items: one answer for each, within bounds. Method: the whole service, an analyser that counts.
describe('BulkEnrol and BatchIdentify', () => {
  let service: RunningService
  beforeEach(async () => {
    service = await startService()
    await createGallery(service.client, 'watchlist')
  })
  afterEach(() => service.stop())

  const newSubject = (item: number, image = aFace(item)) => ({
    item,
    createSubject: { subjectId: `s-${item}`, galleryIds: ['watchlist'], encounter: { samples: [{ data: image }] } },
  })
  const newProbe = (item: number, image = aFace(item)) => ({
    item,
    request: { probe: { data: image }, galleryIds: ['watchlist'], thresholdScore: 0.99 },
  })

  it('enrols the good items, answers the bad ones with the details of the single call', async () => {
    const stream = service.client.stream(BulkEnrol)
    stream.write(newSubject(1))
    stream.write(newSubject(2, noFace()))
    stream.write({ item: 3 })
    stream.write({ item: 4, addEncounter: { subjectId: 'nobody', encounter: { samples: [{ data: aFace(4) }] } } })
    stream.write(newSubject(5))
    stream.end()
    const { answers, status } = await drainStream(stream)
    expect(status.code).to.equal(Code.OK)
    const outcomes = answers
      .toSorted((a, b) => a.item - b.item)
      .map(({ item, subject, error }) => [item, subject?.subjectId ?? (error && decodeStatus(error).errorInfo?.reason)])
    expect(outcomes).to.deep.equal([
      [1, 's-1'],
      [2, 'NO_FACE'],
      [3, 'INVALID_ARGUMENT'],
      [4, 'SUBJECT_NOT_FOUND'],
      [5, 's-5'],
    ])
    const refused = answers.find(({ item }) => item === 2)?.error
    const { preconditionFailure, requestInfo } = decodeStatus(refused ?? { code: 0, message: '', details: [] })
    expect(preconditionFailure?.violations[0]).to.include({ subject: 'encounter.samples[0]' })
    expect(requestInfo?.requestId).to.match(/^[0-9a-f-]{36}$/)
  })

  it('adds encounters, and answers an item as soon as it is durable, while the stream is open', async () => {
    await service.client.call(CreateSubject, { subjectId: 's-1' })
    const stream = service.client.stream(BulkEnrol)
    const answers: number[] = []
    stream.on('data', ({ item }: { item: number }) => answers.push(item))
    stream.write({ item: 1, addEncounter: { subjectId: 's-1', encounter: { samples: [{ data: aFace(1) }] } } })
    await until('the item is answered', () => answers.length === 1)
    const { encounters } = await service.client.call(GetSubject, { subjectId: 's-1' })
    expect(encounters).to.have.length(1)
    stream.end()
    await drainStream(stream)
  })

  it('gives an item the answer that the same single request got before', async () => {
    const { createSubject } = newSubject(1)
    const request = { ...createSubject, requestId: 'r-1' }
    const single = await service.client.call(CreateSubject, request)
    const stream = service.client.stream(BulkEnrol)
    stream.write({ item: 7, createSubject: request })
    stream.end()
    const { answers } = await drainStream(stream)
    expect(answers[0]?.subject).to.deep.equal(single)
    expect(service.analyser.startedCount).to.equal(1)
  })

  it('identifies many probes, each on its own', async () => {
    for (const angleDeg of [0, 30]) await service.client.call(CreateSubject, newSubject(angleDeg).createSubject)
    const stream = service.client.stream(BatchIdentify)
    stream.write(newProbe(0))
    stream.write(newProbe(30))
    stream.write(newProbe(60))
    stream.write(newProbe(61, noFace()))
    stream.write({ item: 62 })
    stream.end()
    const { answers } = await drainStream(stream)
    const outcomes = answers
      .toSorted((a, b) => a.item - b.item)
      .map(({ item, response, error }) => [
        item,
        response?.outcome ?? (error && decodeStatus(error).errorInfo?.reason),
        response?.candidates.map(({ subjectId }) => subjectId) ?? [],
      ])
    expect(outcomes).to.deep.equal([
      [0, 'REFER_FOR_REVIEW', ['s-0']],
      [30, 'REFER_FOR_REVIEW', ['s-30']],
      [60, 'NO_CANDIDATE', []],
      [61, 'INCONCLUSIVE', []],
      [62, 'INVALID_ARGUMENT', []],
    ])
  })

  it('works on a bounded number of items at once, and on all of them in the end', async () => {
    service.analyser.durationMs = 10
    const stream = service.client.stream(BatchIdentify)
    for (let item = 0; item < 60; item++) stream.write(newProbe(item))
    stream.end()
    const { answers, status } = await drainStream(stream)
    expect(status.code).to.equal(Code.OK)
    expect(new Set(answers.map(({ item }) => item)).size).to.equal(60)
    expect(service.analyser.inWorkCountMax).to.equal(LIMITS.streamItemsInFlightMax)
  })

  it('waits out an overload instead of failing items', async () => {
    service.analyser.placesMax = 2
    service.analyser.durationMs = 20
    const stream = service.client.stream(BulkEnrol)
    for (let item = 0; item < 16; item++) stream.write(newSubject(item))
    stream.end()
    const { answers } = await drainStream(stream)
    expect(answers.filter(({ subject }) => subject)).to.have.length(16)
    expect(service.analyser.overloadedCount).to.be.greaterThan(0)
  })

  it('stops reading a caller that does not read its answers', async () => {
    // Every answer repeats 100 candidates, about 110 kB, so that a few fill the window of HTTP/2 flow control.
    const enrol = service.client.stream(BulkEnrol)
    for (let item = 0; item < 100; item++)
      enrol.write({
        item,
        createSubject: {
          externalId: 'x'.repeat(512),
          displayName: 'd'.repeat(512),
          galleryIds: ['watchlist'],
          encounter: { samples: [{ data: aFace(0) }] },
        },
      })
    enrol.end()
    await drainStream(enrol)
    const gallery = { galleryId: 'watchlist', owner: 'o', purpose: 'p', policy: { candidateCountMax: 1_000 } }
    await service.client.call(definitions.galleries.UpdateGallery, { gallery })

    const before = service.analyser.startedCount
    const stream = service.client.stream(BatchIdentify)
    stream.once('data', () => stream.pause()) // a client of grpc-js buffers without end until its first read
    for (let item = 0; item < 200; item++) stream.write(newProbe(item, aFace(0)))
    stream.end()
    const startedCount = await settled(() => service.analyser.startedCount - before)
    // 8 in work, 16 that the client reads ahead, and a few on the way.
    expect(startedCount).to.be.within(LIMITS.streamItemsInFlightMax, 40)

    const drained = drainStream(stream)
    stream.resume()
    expect((await drained).answers).to.have.length(200 - 1) // the first was read above
  }).timeout(20_000)

  it('ends a stream of too many items with RESOURCE_EXHAUSTED, after all accepted ones are answered', async () => {
    const stream = service.client.stream(BatchIdentify)
    for (let item = 0; item < LIMITS.batchItemsMax + 3; item++) stream.write({ item }) // each is answered: no request
    stream.end()
    const { answers, status } = await drainStream(stream)
    expect(answers.map(({ item }) => item).sort((a, b) => a - b)).to.deep.equal(
      Array.from({ length: LIMITS.batchItemsMax }, (_, item) => item),
    )
    expect(status.code).to.equal(Code.RESOURCE_EXHAUSTED)
    const details = detailsOf(status)
    expect([details.code, details.errorInfo?.reason]).to.deep.equal([Code.RESOURCE_EXHAUSTED, 'LIMIT_EXCEEDED'])
  }).timeout(20_000)

  it('stops its work when the caller cancels, and what was answered stays', async () => {
    const stream = service.client.stream(BulkEnrol)
    const answers: number[] = []
    stream.on('data', ({ item }: { item: number }) => answers.push(item))
    stream.on('error', () => undefined)
    stream.write(newSubject(1))
    await until('the first is answered', () => answers.length === 1)
    service.analyser.durationMs = 60_000
    for (let item = 2; item < 30; item++) stream.write(newSubject(item))
    await until('items are in work', () => service.analyser.inWorkCount === LIMITS.streamItemsInFlightMax)
    stream.cancel()
    await until('the work has stopped', () => service.analyser.inWorkCount === 0)
    expect(service.analyser.cancelledCount).to.equal(LIMITS.streamItemsInFlightMax)
    const { subjects } = await service.client.call(ListSubjects, {})
    expect(subjects.map(({ subjectId }) => subjectId)).to.deep.equal(['s-1'])
  })

  it('stops its work when the deadline passes', async () => {
    service.analyser.durationMs = 60_000
    const stream = service.client.stream(BatchIdentify, { deadline: Date.now() + 300 })
    stream.write(newProbe(1))
    const { status } = await drainStream(stream)
    expect(status.code).to.equal(Code.DEADLINE_EXCEEDED)
    await until('the work has stopped', () => service.analyser.cancelledCount === 1)
  })

  it('hides a bug in the answer of an item and logs it', async () => {
    service.analyser.bug = new TypeError('cannot read the tensor')
    const stream = service.client.stream(BatchIdentify)
    stream.write(newProbe(1))
    stream.end()
    const { answers, status } = await drainStream(stream)
    expect(status.code).to.equal(Code.OK)
    expect(answers[0]?.error?.code).to.equal(Code.INTERNAL)
    expect(JSON.stringify(answers)).to.not.contain('tensor')
    expect(service.logger.entries.filter(({ level }) => level === 'error')).to.have.length(1)
  })

  it('takes a bounded number of streams at once', async () => {
    const open = Array.from({ length: ADMISSION.streamsMax }, () => service.client.stream(BatchIdentify))
    for (const stream of open) {
      stream.on('error', () => undefined)
      stream.write({ item: 1 })
      await new Promise((resolve) => stream.once('data', resolve))
    }
    const { status } = await drainStream(service.client.stream(BatchIdentify))
    expect(detailsOf(status).errorInfo?.reason).to.equal('OVERLOADED')
    for (const stream of open) stream.end()
    await Promise.all(open.map((stream) => drainStream(stream)))
    const again = service.client.stream(BatchIdentify)
    again.end()
    expect((await drainStream(again)).status.code).to.equal(Code.OK)
  })
})

/** A count that has begun to grow and has then stood still for half a second. */
async function settled(count: () => number): Promise<number> {
  for (;;) {
    const before = count()
    await sleep(500)
    if (before > 0 && count() === before) return before
  }
}
