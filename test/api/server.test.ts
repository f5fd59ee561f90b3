import { createRequire } from 'node:module'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { credentials, status as Code, type ServiceError } from '@grpc/grpc-js'
import { loadSync, type MethodDefinition, type PackageDefinition } from '@grpc/proto-loader'
import { expect } from 'chai'
import { service as healthService } from 'grpc-health-check'
import { resolveAddress } from '../../src/api/address.js'
import { definitions, SERVICE_NAMES } from '../../src/api/proto.js'
import { DomainError } from '../../src/domain/errors.js'
import { makeCertificates, type Certificates } from './support/certificates.js'
import { drainStream, TestClient } from './support/client.js'
import { aFace } from './support/faces.js'
import { startService, type RunningService } from './support/running-service.js'
import { until } from './support/until.js'

interface HealthAnswer {
  status: string
}
const Check = healthService.Check as unknown as MethodDefinition<{ service: string }, object, object, HealthAnswer>
const Watch = healthService.Watch as unknown as MethodDefinition<{ service: string }, object, object, HealthAnswer>
const { ListModels } = definitions.models

// Goal: where and how the service listens, and how it stops. Method: real sockets and certificates made for the test.
describe('startServer()', () => {
  let service: RunningService | undefined
  afterEach(async () => {
    await service?.stop()
    service = undefined
  })

  describe('without TLS', () => {
    it('listens on loopback addresses and tells the port that it chose', async () => {
      service = await startService({ address: { host: 'localhost', port: 0 } })
      expect(service.server.host).to.be.oneOf(['127.0.0.1', '::1'])
      expect(service.server.port).to.be.greaterThan(0)
    })

    it('refuses every other address in one clear sentence', async () => {
      for (const host of ['0.0.0.0', '::', '192.0.2.1', '::ffff:192.0.2.1', '128.0.0.1']) {
        const refusal = await startService({ address: { host, port: 0 } }).catch((error: unknown) => error)
        expect(refusal, host).to.be.instanceOf(DomainError)
        expect(refusal).to.include({ code: 'INVALID_ARGUMENT', field: 'host' })
        expect(refusal)
          .to.have.property('message')
          .that.matches(/TLS certificate and key.*127\.0\.0\.1/)
      }
    })

    it('refuses an empty host, an unknown one and a port that is none', async () => {
      for (const [host, port, field] of [
        ['', 1, 'host'],
        ['no-such-host.invalid', 1, 'host'],
        ['127.0.0.1', 65_536, 'port'],
        ['127.0.0.1', 1.5, 'port'],
      ] as const) {
        const refusal = await resolveAddress({ host, port }, true).catch((error: unknown) => error)
        expect(refusal).to.include({ code: 'INVALID_ARGUMENT', field })
      }
    })

    it('says so when the port is taken', async () => {
      const other = createServer()
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
      const { port } = other.address() as { port: number }
      const refusal = await startService({ address: { host: '127.0.0.1', port } }).catch((error: unknown) => error)
      expect(refusal).to.include({ code: 'UNAVAILABLE' })
      other.close()
    })
  })

  describe('with TLS', () => {
    let ours: Certificates
    let theirs: Certificates
    before(async () => {
      ours = await makeCertificates('our authority')
      theirs = await makeCertificates('another authority')
    })

    it('listens on every address and answers clients that trust its authority', async () => {
      service = await startService({ address: { host: '0.0.0.0', port: 0 }, tls: ours.server })
      expect(await callWith(service, credentials.createSsl(ours.ca))).to.equal(Code.OK)
      expect(await callWith(service, credentials.createSsl(theirs.ca))).to.equal(Code.UNAVAILABLE)
      expect(await callWith(service, credentials.createInsecure())).to.equal(Code.UNAVAILABLE)
    })

    it('answers only clients of the client authority when there is one', async () => {
      service = await startService({ tls: { ...ours.server, clientCa: ours.ca } })
      const as = ({ key, certificate }: Certificates['client']) => credentials.createSsl(ours.ca, key, certificate)
      expect(await callWith(service, as(ours.client))).to.equal(Code.OK)
      expect(await callWith(service, as(theirs.client))).to.equal(Code.UNAVAILABLE)
      expect(await callWith(service, credentials.createSsl(ours.ca))).to.equal(Code.UNAVAILABLE)
    })

    it('refuses files that are no certificate, and a key of another certificate', async () => {
      for (const tls of [
        { certificate: Buffer.from('no PEM'), key: ours.server.key },
        { certificate: ours.server.certificate, key: theirs.server.key },
      ]) {
        const refusal = await startService({ tls }).catch((error: unknown) => error)
        expect(refusal).to.include({ code: 'INVALID_ARGUMENT', field: 'tls' })
      }
    })
  })

  describe('health', () => {
    it('is SERVING for the whole and for each service', async () => {
      service = await startService()
      for (const name of ['', ...SERVICE_NAMES])
        expect(await service.client.call(Check, { service: name })).to.deep.equal({ status: 'SERVING' })
      expect((await service.client.failure(Check, { service: 'other' })).code).to.equal(Code.NOT_FOUND)
    })

    it('is NOT_SERVING while calls in work end, and new calls are refused', async () => {
      service = await startService()
      const { client, analyser } = service
      analyser.durationMs = 400
      const inWork = client.call(definitions.quality.Assess, { image: { data: aFace(0) } })
      const seen: string[] = []
      const watch = client.serverStream(Watch, { service: '' })
      watch.on('data', ({ status }: HealthAnswer) => seen.push(status))
      watch.on('error', () => undefined)
      await until('the call is in work and the watch tells', () => analyser.inWorkCount === 1 && seen.length === 1)

      const drained = service.server.drain()
      expect(await client.call(Check, { service: '' })).to.deep.equal({ status: 'NOT_SERVING' })
      const refusal = await client.refusal(ListModels, {})
      expect([refusal.code, refusal.errorInfo?.reason]).to.deep.equal([Code.UNAVAILABLE, 'UNAVAILABLE'])
      expect((await inWork).faces).to.have.length(1)
      await drained
      expect(seen).to.deep.equal(['SERVING', 'NOT_SERVING'])
      expect((await client.failure(ListModels, {})).code).to.equal(Code.UNAVAILABLE)
    }).timeout(10_000)
  })

  it('cuts a peer that connected and never spoke, so that a stopping process can end', async () => {
    service = await startService()
    const silent = connect(service.server.port, '127.0.0.1').resume()
    silent.on('error', () => undefined)
    await once(silent, 'connect')
    const closed = once(silent, 'close')
    await service.server.drain()
    await closed
  })

  it('describes its services to reflection clients', async () => {
    service = await startService()
    const stream = service.client.stream(reflectionMethod())
    stream.write({ listServices: '' })
    stream.write({ fileContainingSymbol: 'portcullis.v1.IdentificationService' })
    stream.end()
    const { answers, status } = await drainStream(stream)
    expect(status.code).to.equal(Code.OK)
    const [list, file] = answers
    const names = list?.listServicesResponse?.service.map(({ name }) => name) ?? []
    expect(names).to.include.members([...SERVICE_NAMES])
    const files = file?.fileDescriptorResponse?.fileDescriptorProto.map((bytes) => bytes.toString('latin1')) ?? []
    expect(files.some((text) => text.includes('BatchIdentify'))).to.equal(true)
    expect(files.some((text) => text.includes('ScoreThreshold'))).to.equal(true) // of an imported file
  })
})

async function callWith({ server }: RunningService, channel: ReturnType<typeof credentials.createSsl>): Promise<Code> {
  const client = new TestClient(server.port, channel)
  try {
    await client.call(ListModels, {}, { deadline: Date.now() + 5_000 })
    return Code.OK
  } catch (error) {
    return (error as ServiceError).code
  } finally {
    client.close()
  }
}

interface ReflectionAnswer {
  listServicesResponse?: { service: { name: string }[] }
  fileDescriptorResponse?: { fileDescriptorProto: Buffer[] }
}

/** The method of the reflection protocol, from the proto that its package carries. */
function reflectionMethod(): MethodDefinition<object, object, object, ReflectionAnswer> {
  const main = createRequire(import.meta.url).resolve('@grpc/reflection')
  const file = join(dirname(main), '..', 'proto', 'grpc', 'reflection', 'v1', 'reflection.proto')
  const loaded: PackageDefinition = loadSync(file, { oneofs: true })
  const service = loaded['grpc.reflection.v1.ServerReflection'] as unknown as Record<string, unknown>
  return service.ServerReflectionInfo as MethodDefinition<object, object, object, ReflectionAnswer>
}
