import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { once } from 'node:events'
import { gzipSync } from 'node:zlib'
import { status as Code } from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import { expect } from 'chai'
import sharp from 'sharp'
import { definitions } from '../../src/api/proto.js'
import { STATUS_OF } from '../../src/api/status.js'
import type { ErrorCode } from '../../src/domain/errors.js'
import { detailsOf } from '../api/support/details.js'
import { until } from '../api/support/until.js'
import { aGif, aPng, damaged, noise, SIGNATURES, truncations } from '../support/end-to-end/bad-images.js'
import { inParallel } from '../support/end-to-end/in-parallel.js'
import { frameHeader, RawCall } from '../support/end-to-end/raw-call.js'
import type { RunningProgram } from '../support/end-to-end/running-program.js'
import { readSampleProbes, readSampleSubjects, type SampleSubject } from '../support/end-to-end/samples.js'
import { Sandbox } from '../support/end-to-end/sandbox.js'
import {
  candidateIds,
  createWatchlist,
  enrol,
  enrolmentOf,
  GALLERY_ID,
  identify,
} from '../support/end-to-end/watchlist.js'
import { describeWithModels } from '../support/weights.js'

const { Assess } = definitions.quality
const { Identify, Verify } = definitions.identification
const { CreateSubject, AddEncounter, GetSubject, BulkEnrol } = definitions.enrolment
const { CreateGallery, GetGallery } = definitions.galleries
const { Extract } = definitions.templates

/** Stands in every identifier and name of this suite, and in nothing else that the service could log. */
const MARK = 'Zq7Xw9'
const PLACES = 50
/** So that the memory does not depend on the machine's cores. */
const TWO_WORKERS = { PORTCULLIS_WORKERS: '2' }
/** More than the thousands of calls here may leave behind, and far less than one call could waste. */
const RESIDENT_GROWTH_MIB_MAX = 250

// Goal: whatever arrives, the service says what is wrong, keeps nothing of it, and goes on.
// Method: one service in a process of its own takes all the rubbish; after each test it must find a listed person.
describeWithModels('a service that is sent rubbish', (weightsFolder) => {
  let sandbox: Sandbox
  let service: RunningProgram
  let subjects: readonly SampleSubject[]
  let images: readonly Buffer[]
  let warmMib: number

  before(async () => {
    sandbox = await Sandbox.open(weightsFolder)
    service = await sandbox.serve(TWO_WORKERS)
    subjects = await readSampleSubjects()
    images = [...subjects.flatMap((subject) => subject.images), ...(await readSampleProbes()).map(({ image }) => image)]
    await createWatchlist(service.client)
    for (const subject of subjects) await enrol(service.client, markedEnrolment(subject))
    await inParallel(images, 4, (image) => service.client.call(Assess, { image: { data: image } }))
    if (existsSync('/proc/self/status')) warmMib = await service.residentMib()
  })
  after(() => sandbox.close())

  afterEach('it still finds a listed person, and is well', async () => {
    const [subject] = subjects
    const found = await identify(service.client, subject!.images[0]!)
    expect(candidateIds(found)[0]).to.equal(markedId(subject!))
    expect(await service.health()).to.equal('SERVING')
  })

  it(`calls every sample image broken when it is cut off, at each of ${PLACES} places`, async function () {
    this.timeout(180_000) // thousands of calls
    const cut = images.flatMap((image) => truncations(image, PLACES))
    await inParallel(cut, 4, (image) => expectBroken(image))
  })

  it('calls PNG, WebP and TIFF images broken when they are cut off', async () => {
    const image = sharp(images[0])
    const others = [await image.png().toBuffer(), await image.webp().toBuffer(), await image.tiff().toBuffer()]
    await inParallel(
      others.flatMap((other) => truncations(other, PLACES)),
      4,
      (cut) => expectBroken(cut),
    )
  })

  it('makes what it can of images with damaged bytes, or without their last one, or calls them broken', async () => {
    const lightly = images.slice(0, 10).flatMap((image) => [image.subarray(0, -1), damaged(image, 1, 1)])
    const badly = images.slice(0, 10).flatMap((image) => [10, 20, 40].map((count) => damaged(image, count, count)))
    const outcomes = await inParallel([...lightly, ...badly], 4, async (image) => {
      const probe = { probe: { data: image }, galleryIds: [GALLERY_ID] }
      const answer = await service.client.call(Identify, probe).catch((error: unknown) => detailsOf(error as never))
      if ('outcome' in answer) return answer.outcome
      expect(answer.code).to.equal(Code.INVALID_ARGUMENT)
      return answer.errorInfo!.reason
    })
    expect(outcomes).to.include.members(['PARSE_ERROR', 'REFER_FOR_REVIEW'])
  })

  it('calls random bytes unsupported, and broken when they begin like an image', async () => {
    for (const [format, signature] of Object.entries(SIGNATURES))
      for (const length of [1, 2, 3, 7, 16, 100, 1_000, 10_000, 100_000]) {
        const { reason } = await refusalOf(noise(signature, length, length))
        expect(reason, `${format}, ${length} bytes`).to.equal(format === 'none' ? 'FORMAT_UNSUPPORTED' : 'PARSE_ERROR')
      }
  })

  it('reads the size of an image before it decodes a pixel', async () => {
    expect(await refusalOf(aPng(30_000, 30_000))).to.include({ reason: 'LIMIT_EXCEEDED', got: '30000 × 30000' })
    expect(await refusalOf(aPng(15, 5_000))).to.include({ reason: 'LIMIT_EXCEEDED', got: '15 × 5000' })
    expect(await refusalOf(aPng(7_000, 7_000))).to.include({ reason: 'PARSE_ERROR' }) // 64 bytes of 6 MB
  })

  it('reads what a file holds, not what it is called', async () => {
    const text = Buffer.from(`${MARK}.jpg is a text about a person, ${'and on it goes, '.repeat(100)}`)
    expect(await refusalOf(text)).to.include({ reason: 'FORMAT_UNSUPPORTED' })
    expect(await refusalOf(aGif())).to.include({ reason: 'FORMAT_UNSUPPORTED' })
  })

  it('names the field that an empty message lacks, and that an empty image is empty', async () => {
    const empty = { data: Buffer.alloc(0) }
    const probe = { data: images[0]! }
    const faults = [
      await refusal(Assess, {}),
      await refusal(Assess, { image: empty }),
      await refusal(Extract, {}),
      await refusal(Identify, {}),
      await refusal(Identify, { probe: empty, galleryIds: [GALLERY_ID] }),
      await refusal(Identify, { probe }),
      await refusal(Verify, { probe }),
      await refusal(AddEncounter, {}),
      await refusal(CreateGallery, {}),
      await refusal(CreateSubject, { encounter: { samples: [probe, empty] } }),
    ]
    expect(faults.map(({ badRequest }) => badRequest?.fieldViolations[0]?.field)).to.deep.equal([
      'image',
      'image.data',
      'image',
      'probe',
      'probe.data',
      'gallery_ids',
      'reference',
      'encounter',
      'gallery',
      'encounter.samples[1].data',
    ])
    for (const { errorInfo } of faults) expect(errorInfo?.reason).to.equal('INVALID_ARGUMENT')
  })

  it('says nothing of identifiers and names in its errors', async () => {
    const secret = `${MARK}-nobody`
    const failures = [
      await refusal(GetSubject, { subjectId: secret }),
      await refusal(GetGallery, { galleryId: secret }),
      await refusal(CreateSubject, { subjectId: `${MARK} !` }),
      await refusal(CreateSubject, { displayName: `${MARK}\u0007` }),
      await refusal(CreateSubject, markedEnrolment({ ...subjects[0]!, images: subjects[1]!.images })),
      await refusal(Verify, { probe: { data: images[0]! }, referenceSubjectId: secret }),
      await refusal(Identify, { probe: { data: images[0]! }, galleryIds: [secret] }),
    ]
    expect(failures.map(({ errorInfo }) => errorInfo?.reason)).to.deep.equal([
      'SUBJECT_NOT_FOUND',
      'GALLERY_NOT_FOUND',
      'INVALID_ARGUMENT',
      'INVALID_ARGUMENT',
      'REQUEST_ID_REUSED',
      'SUBJECT_NOT_FOUND',
      'GALLERY_NOT_FOUND',
    ])
    expect(JSON.stringify(failures)).to.not.contain(MARK)
  })

  it('refuses a message of 11 MiB, and one that is 200 MiB once it is unpacked', async () => {
    const { code } = await service.client.failure(Assess, { image: { data: Buffer.alloc(11 * 1024 * 1024) } })
    expect(code).to.equal(Code.RESOURCE_EXHAUSTED)
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024))
    const call = new RawCall(service.port, Assess.path, { 'grpc-encoding': 'gzip' })
    expect(await call.send(frameHeader(bomb.length, true)).send(bomb).finish().status).to.equal(Code.RESOURCE_EXHAUSTED)
    call.close()
  })

  it('gives a status to bytes that are no request, to other methods, and to other protocols none', async () => {
    const notARequest = { ...Assess, requestSerialize: () => Buffer.from([0x0a, 0xff]) } // a field longer than the message
    expect((await service.client.failure(notARequest, {})).code).to.equal(Code.INTERNAL)
    const text = { ...Assess, requestSerialize: () => Buffer.from(`GET /${MARK} HTTP/1.1`) }
    expect((await service.client.failure(text, {})).code).to.equal(Code.INTERNAL)
    const unknown = { ...Assess, path: `/portcullis.v1.QualityService/${MARK}` }
    expect((await service.client.failure(unknown, {})).code).to.equal(Code.UNIMPLEMENTED)

    const socket = connect(service.port, '127.0.0.1')
    socket.on('error', () => undefined) // a reset ends it as well
    socket.resume().end(`GET /${MARK} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    await once(socket, 'close')
  })

  it('refuses a frame that says it holds 4 GiB, without waiting for them', async () => {
    const call = new RawCall(service.port, Assess.path).send(frameHeader(0xffffffff))
    expect(await call.status).to.equal(Code.RESOURCE_EXHAUSTED)
    call.close()
  })

  it('serves others while requests stay half sent, and forgets them when their callers go', async () => {
    const half = [
      new RawCall(service.port, Assess.path).send(frameHeader(1_000_000)).send(Buffer.alloc(500_000)),
      new RawCall(service.port, BulkEnrol.path).send(frameHeader(1_000)).send(Buffer.alloc(10)),
      new RawCall(service.port, BulkEnrol.path).send(Buffer.from([0, 0])),
    ]
    expect(candidateIds(await identify(service.client, images[0]!))[0]).to.equal(markedId(subjects[0]!))
    const unfinished = () => service.logLines.filter((line) => line.includes('"CANCELLED"')).length
    const before = unfinished()
    half.forEach((call) => call.close())
    await until('the half calls have ended', () => unfinished() === before + half.length)
  })

  it('has given back the memory that it took', async function () {
    if (!existsSync('/proc/self/status')) this.skip() // only Linux tells
    const endMs = performance.now() + 10_000
    while ((await service.residentMib()) > warmMib + RESIDENT_GROWTH_MIB_MAX && performance.now() < endMs)
      await inParallel(images.slice(0, 8), 4, (image) => service.client.call(Assess, { image: { data: image } }))
    expect(await service.residentMib()).to.be.below(warmMib + RESIDENT_GROWTH_MIB_MAX)
  })

  it('has logged every call, and nothing of what was in it', async () => {
    expect(service.logLines.length).to.be.greaterThan(images.length * PLACES)
    const log = service.program.stderr
    expect(log).to.not.contain(MARK)
    expect(log).to.not.contain(`"${GALLERY_ID}"`)
    for (const trace of images.flatMap(tracesOf)) expect(log.includes(trace)).to.equal(false)
    const fields = new Set(service.logLines.flatMap((line) => Object.keys(JSON.parse(line) as object)))
    expect([...fields]).to.have.members(['level', 'time', 'callId', 'method', 'status', 'durationMs', 'msg'])
  })

  /** What a call that has to fail tells in its details. */
  async function refusal<Request>(method: MethodDefinition<Request, object, object, object>, request: Request) {
    return service.client.refusal(method, request)
  }

  /** Reason of a failed assessment, whose status must be the one that docs/errors.md promises. */
  async function refusalOf(image: Buffer): Promise<{ reason: string; got: string }> {
    const { code, errorInfo, requestInfo } = await service.client.refusal(Assess, { image: { data: image } })
    expect(requestInfo?.requestId).to.match(/^[0-9a-f-]{36}$/)
    expect(code).to.equal(STATUS_OF[errorInfo!.reason as ErrorCode])
    return { reason: errorInfo!.reason, got: errorInfo!.metadata.got ?? '' }
  }

  async function expectBroken(image: Buffer): Promise<void> {
    expect((await refusalOf(image)).reason, `${image.length} bytes`).to.equal('PARSE_ERROR')
  }
})

function markedId({ subjectId }: SampleSubject): string {
  return `${MARK}-${subjectId}`
}

function markedEnrolment(subject: SampleSubject) {
  return enrolmentOf(markedId(subject), subject.images)
}

/** Pieces of an image from its middle as a log could hold them: base64, hex, and lists of numbers. */
function tracesOf(image: Buffer): readonly string[] {
  const piece = image.subarray(Math.floor(image.length / 6) * 3, Math.floor(image.length / 6) * 3 + 12)
  return [piece.toString('base64'), piece.toString('hex'), [...piece].join(','), [...piece].join(', ')]
}
