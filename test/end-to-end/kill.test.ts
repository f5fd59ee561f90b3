import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { definitions } from '../../src/api/proto.js'
import type { CreateSubjectRequest } from '../../src/generated/portcullis/v1/CreateSubjectRequest.js'
import type { BulkEnrolResult__Output } from '../../src/generated/portcullis/v1/BulkEnrolResult.js'
import type { TestClient } from '../api/support/client.js'
import { faultsOf } from '../support/end-to-end/data-file.js'
import { inParallel } from '../support/end-to-end/in-parallel.js'
import type { RunningProgram } from '../support/end-to-end/running-program.js'
import { readSampleSubjects } from '../support/end-to-end/samples.js'
import { Sandbox } from '../support/end-to-end/sandbox.js'
import {
  candidateIds,
  createWatchlist,
  enrolmentOf,
  GALLERY_ID,
  identify,
  listWatchlist,
  sendInBulk,
} from '../support/end-to-end/watchlist.js'
import { mulberry32 } from '../support/random-vectors.js'
import { describeWithModels } from '../support/weights.js'

const SEED = 20_260_731
const KILL_COUNT = 10
/** More than ten kills let through: about 3 are acknowledged before each, on fast machines some more. */
const SUBJECT_COUNT = 100
/** So that as much is in work at a kill on every machine. */
const TWO_WORKERS = { PORTCULLIS_WORKERS: '2' }
/** The cosine of a template with itself, but for rounding to float32. */
const SAME_TEMPLATE = 0.9999

// Goal: an acknowledged enrolment survives what may happen to a machine at a border post, and nothing half-done is left.
// Method: an operator sends one list of subjects; the service is killed (kill -9) at a seeded moment after some
// acknowledgements and started again on the same data folder, where the same requests are sent again. Ten times over.
describeWithModels('a service that is killed while it enrols', (weightsFolder) => {
  const random = mulberry32(SEED)
  const acknowledged = new Map<string, CreateSubjectRequest>()
  let sandbox: Sandbox
  let service: RunningProgram
  let list: readonly CreateSubjectRequest[]

  before(async () => {
    list = await makeList()
    sandbox = await Sandbox.open(weightsFolder)
    service = await sandbox.serve(TWO_WORKERS)
    await createWatchlist(service.client)
  })
  after(() => sandbox.close())

  for (let kill = 1; kill <= KILL_COUNT; kill++)
    it(`has kept whole and findable whatever it acknowledged before kill ${kill}`, async () => {
      const newlyAcknowledged = await enrolUntilKilled()
      const faults = await faultsOf(sandbox.dataFile) // before the service mends anything
      service = await sandbox.serve(TWO_WORKERS)
      expect(faults).to.deep.equal([])
      await expectWholeSubjects(service.client)
      await expectFound(service.client, newlyAcknowledged)
    })

  it('accepts every unacknowledged request again under its request id, and repeats the first answer to the others', async () => {
    const before = new Map((await listWatchlist(service.client)).map((subject) => [subject.subjectId, subject]))
    expect(before.size).to.be.lessThan(SUBJECT_COUNT) // or nothing is left to send
    const results = await resultsOf(sendInBulk(service.client, list))

    expect(results.map(({ outcome }) => outcome)).to.deep.equal(list.map(() => 'subject'))
    for (const { subject } of results)
      if (before.has(subject!.subjectId)) expect(subject).to.deep.equal(before.get(subject!.subjectId))
    list.forEach((request) => acknowledged.set(request.subjectId!, request))
    await expectWholeSubjects(service.client)
    await expectFound(service.client, list)
  })

  it('ends in good order, with an intact data file', async () => {
    expect(await service.end('SIGTERM')).to.deep.equal({ code: 0, signal: null })
    expect(await faultsOf(sandbox.dataFile)).to.deep.equal([])
  })

  /** Sends what is not acknowledged yet; kills after 1 to 6 answers and up to 20 ms. @returns what was acknowledged */
  async function enrolUntilKilled(): Promise<readonly CreateSubjectRequest[]> {
    const requests = list.filter(({ subjectId }) => !acknowledged.has(subjectId!))
    const killAfterCount = 1 + Math.floor(random() * 6)
    const delayMs = Math.floor(random() * 20)
    const stream = sendInBulk(service.client, requests)
    const answered: CreateSubjectRequest[] = []
    await new Promise<void>((resolve, reject) => {
      stream.on('data', ({ item, subject }: BulkEnrolResult__Output) => {
        if (!subject) reject(new Error('an item was answered with an error'))
        answered.push(requests[item]!)
        if (answered.length === killAfterCount) void sleep(delayMs).then(() => service.end('SIGKILL'))
      })
      stream.on('error', () => resolve()) // the connection broke
      stream.on('end', () => {
        if (!service.program.hasEnded) reject(new Error('the list was through before the kill'))
      })
    })
    expect(await service.program.exit).to.deep.equal({ code: null, signal: 'SIGKILL' })
    expect(answered.length).to.be.at.least(killAfterCount)
    answered.forEach((request) => acknowledged.set(request.subjectId!, request))
    return answered
  }

  /** Every acknowledged subject is there, and every subject that is there is whole, acknowledged or not. */
  async function expectWholeSubjects(client: TestClient): Promise<void> {
    const subjects = await listWatchlist(client)
    expect(subjects.map(({ subjectId }) => subjectId)).to.include.members([...acknowledged.keys()])
    for (const { subjectId, externalId, displayName, galleryIds, encounters } of subjects) {
      const request = list.find((candidate) => candidate.subjectId === subjectId)!
      expect({ externalId, displayName, galleryIds }).to.deep.equal({
        externalId: request.externalId,
        displayName: request.displayName,
        galleryIds: [GALLERY_ID],
      })
      expect(encounters.map(({ encounterId, status, samples }) => [encounterId, status, samples.length])).to.deep.equal(
        [[request.encounter!.encounterId, 'ENCOUNTER_STATUS_ACTIVE', request.encounter!.samples!.length]],
      )
    }
    const sampleCount = subjects.reduce((count, { encounters }) => count + encounters[0]!.samples.length, 0)
    const gallery = await client.call(definitions.galleries.GetGallery, { galleryId: GALLERY_ID })
    expect([gallery.subjectCount, gallery.referenceCount]).to.deep.equal([subjects.length, sampleCount])
  }

  /** Each one is a candidate for its own images; several subjects share an image, so all are asked for. */
  async function expectFound(client: TestClient, requests: readonly CreateSubjectRequest[]): Promise<void> {
    await inParallel(requests, 4, async ({ subjectId, encounter }) => {
      const found = await identify(client, encounter!.samples![0]!.data as Buffer, SAME_TEMPLATE)
      expect(candidateIds(found)).to.include(subjectId)
      expect(found.evidence?.referencesNotSearchedCount).to.equal(0)
    })
  }
})

/** Many subjects from a few people: each has one to three of a person's images. */
async function makeList(): Promise<readonly CreateSubjectRequest[]> {
  const people = await readSampleSubjects()
  return Array.from({ length: SUBJECT_COUNT }, (_, i) => {
    const { images } = people[i % people.length]!
    const first = Math.floor(i / people.length) % images.length
    return enrolmentOf(`subject-${i}`, [...images.slice(first), ...images.slice(0, first)].slice(0, 1 + (i % 3)))
  })
}

async function resultsOf(stream: ReturnType<typeof sendInBulk>): Promise<readonly BulkEnrolResult__Output[]> {
  const results: BulkEnrolResult__Output[] = []
  for await (const result of stream) results.push(result as BulkEnrolResult__Output)
  return results
}
