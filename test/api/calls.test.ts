import { status as Code } from '@grpc/grpc-js'
import { expect } from 'chai'
import type { MethodDefinition } from '@grpc/proto-loader'
import { service as healthService } from 'grpc-health-check'
import { ADMISSION } from '../../src/api/admission.js'
import { CALL_ID_HEADER } from '../../src/api/context.js'
import { definitions } from '../../src/api/proto.js'
import { INTERNAL_MESSAGE } from '../../src/api/status.js'
import { LIMITS } from '../../src/domain/limits.js'
import { TestClient } from './support/client.js'
import { CuttableLine } from './support/cuttable-line.js'
import { detailsOf } from './support/details.js'
import { aFace } from './support/faces.js'
import { startService, type RunningService } from './support/running-service.js'
import { until } from './support/until.js'

const { Assess } = definitions.quality
const { GetGallery } = definitions.galleries
const { ListModels } = definitions.models
const Check = healthService.Check as unknown as MethodDefinition<{ service: string }, object>

// Goal: what holds for every call, whatever it asks: its id, its log line, its limits, its end.
describe('every call', () => {
  let service: RunningService
  beforeEach(async () => {
    service = await startService()
  })
  afterEach(() => service.stop())

  const request = { image: { data: aFace(0) } }

  it('carries its id in the metadata of the answer, and is logged under it with nothing but how it went', async () => {
    const { initial, trailing } = await service.client.answer(ListModels, {})
    const callId = String(initial.get(CALL_ID_HEADER)[0])
    expect(callId).to.match(/^[0-9a-f-]{36}$/)
    expect(trailing.get(CALL_ID_HEADER)).to.deep.equal([callId])
    const [entry, ...others] = service.logger.of(callId)
    expect(others).to.deep.equal([])
    expect(Object.keys(entry?.fields ?? {})).to.deep.equal(['callId', 'method', 'status', 'durationMs'])
    expect(entry?.fields).to.include({ method: '/portcullis.v1.ModelService/ListModels', status: 'OK' })
  })

  it('carries the same id in the trailer and the details of an error, and never one that the caller chose', async () => {
    const failure = await service.client.failure(GetGallery, { galleryId: 'the-secret-gallery' })
    const callId = String(failure.metadata.get(CALL_ID_HEADER)[0])
    expect(detailsOf(failure).requestInfo?.requestId).to.equal(callId)
    expect(service.logger.of(callId)[0]?.fields).to.include({ status: 'NOT_FOUND' })
    expect(JSON.stringify(service.logger.entries)).to.not.contain('secret')
    expect(failure.details).to.not.contain('secret')
  })

  it('hides a bug from the caller and logs its stack and cause', async () => {
    service.analyser.bug = new TypeError('cannot read the tensor', { cause: new RangeError('at row 7') })
    const failure = await service.client.failure(Assess, request)
    expect([failure.code, failure.details]).to.deep.equal([Code.INTERNAL, INTERNAL_MESSAGE])
    const { requestInfo, ...others } = detailsOf(failure)
    expect(others).to.deep.equal({ code: Code.INTERNAL, message: INTERNAL_MESSAGE })
    expect(JSON.stringify(failure.metadata.toJSON())).to.not.contain('tensor')

    const [entry] = service.logger.of(requestInfo?.requestId ?? '')
    expect(entry).to.include({ level: 'error', message: 'internal error' })
    const causes = entry?.fields.causes as string[]
    expect(causes).to.have.length(2)
    expect(causes[0]).to.match(/TypeError: cannot read the tensor\n +at /)
    expect(causes[1]).to.match(/RangeError: at row 7\n +at /)
  })

  it('gets a clear status for a message that is too large, and the service lives on', async () => {
    const image = { data: Buffer.alloc(LIMITS.messageBytesMax) } // and its wrapping: a few bytes too many
    const failure = await service.client.failure(Assess, { image })
    expect(failure.code).to.equal(Code.RESOURCE_EXHAUSTED)
    expect(failure.details).to.match(/larger than max/)
    expect(await service.client.call(Assess, request)).to.have.property('faces')
  })

  it('takes an image of the greatest size, and refuses one byte more as too large', async () => {
    const largest = await service.client.refusal(Assess, { image: { data: Buffer.alloc(LIMITS.imageBytesMax) } })
    expect(largest.errorInfo?.reason).to.not.equal('LIMIT_EXCEEDED') // it is read, and is no image
    const tooLarge = await service.client.refusal(Assess, { image: { data: Buffer.alloc(LIMITS.imageBytesMax + 1) } })
    expect([tooLarge.code, tooLarge.errorInfo?.reason]).to.deep.equal([Code.INVALID_ARGUMENT, 'LIMIT_EXCEEDED'])
  })

  it('gets a status for bytes that are no request, and the service lives on', async () => {
    const method = { ...Assess, requestSerialize: () => Buffer.from([0x0a, 0xff]) } // a field longer than the message
    expect((await service.client.failure(method, {})).code).to.equal(Code.INTERNAL)
    expect(await service.client.call(Assess, request)).to.have.property('faces')
  })

  it('stops its work when the caller cancels', async () => {
    service.analyser.durationMs = 60_000
    const failure = service.client.failure(Assess, request, {}, (cancel) => {
      void until('the work has begun', () => service.analyser.inWorkCount === 1).then(cancel)
    })
    expect((await failure).code).to.equal(Code.CANCELLED)
    await until('the work has stopped', () => service.analyser.inWorkCount === 0)
    expect(service.analyser.cancelledCount).to.equal(1)
    await until('the end is logged', () => service.logger.entries.length === 1)
    expect(service.logger.entries[0]?.fields).to.include({ status: 'CANCELLED' })
  })

  it('stops its work when its deadline passes', async () => {
    service.analyser.durationMs = 60_000
    const failure = await service.client.failure(Assess, request, { deadline: Date.now() + 200 })
    expect(failure.code).to.equal(Code.DEADLINE_EXCEEDED)
    await until('the work has stopped', () => service.analyser.cancelledCount === 1)
    await until('the end is logged', () => service.logger.entries.length === 1)
    expect(service.logger.entries[0]?.fields.status).to.be.oneOf(['DEADLINE_EXCEEDED', 'CANCELLED'])
  })

  it('stops its work when the caller vanishes', async () => {
    service.analyser.durationMs = 60_000
    const line = await CuttableLine.to(service.server.port)
    const client = new TestClient(line.port)
    const failure = client.failure(Assess, request)
    await until('the work has begun', () => service.analyser.inWorkCount === 1)
    line.cut()
    expect((await failure).code).to.equal(Code.UNAVAILABLE)
    await until('the work has stopped', () => service.analyser.cancelledCount === 1)
    client.close()
  })

  it('is told to come back when the pipeline is overloaded', async () => {
    service.analyser.placesMax = 0
    const refusal = await service.client.refusal(Assess, request)
    expect([refusal.code, refusal.errorInfo?.reason]).to.deep.equal([Code.RESOURCE_EXHAUSTED, 'OVERLOADED'])
    expect(refusal.retryInfo?.retryDelay).to.deep.equal({ seconds: 0, nanos: 10_000_000 })
  })

  it('is told to come back when too many are in work over all connections; health checks are not', async () => {
    const { analyser, server } = service
    analyser.durationMs = 2_000
    const clients = [new TestClient(server.port), new TestClient(server.port)]
    const half = ADMISSION.callsMax / 2
    const inWork = clients.flatMap((client) => Array.from({ length: half }, () => client.call(Assess, request)))
    await until('all places are taken', () => analyser.inWorkCount === ADMISSION.callsMax)

    const refusal = await service.client.refusal(ListModels, {})
    expect([refusal.code, refusal.errorInfo?.reason]).to.deep.equal([Code.RESOURCE_EXHAUSTED, 'OVERLOADED'])
    expect(refusal.retryInfo?.retryDelay).to.deep.equal({ seconds: 0, nanos: 250_000_000 })
    expect(await service.client.call(Check, { service: '' })).to.deep.equal({ status: 'SERVING' })
    await Promise.all(inWork)
    expect(await service.client.call(ListModels, {})).to.have.property('algorithm') // the places are free again
    for (const client of clients) client.close()
  }).timeout(20_000)

  it('is told when the service does not know its method', async () => {
    const method = { ...ListModels, path: '/portcullis.v1.ModelService/Nothing' }
    const failure = await service.client.failure(method, {})
    expect(failure.code).to.equal(Code.UNIMPLEMENTED)
  })
})
