import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { definitions } from '../../src/api/proto.js'
import type { ImportTemplatesResult__Output } from '../../src/generated/portcullis/v1/ImportTemplatesResult.js'
import type { VerifyIndexProgress__Output } from '../../src/generated/portcullis/v1/VerifyIndexProgress.js'
import type { TestClient } from '../api/support/client.js'
import { drainAnswers } from '../api/support/server-stream.js'
import { faultsOf } from '../support/end-to-end/data-file.js'
import type { RunningProgram } from '../support/end-to-end/running-program.js'
import { Sandbox } from '../support/end-to-end/sandbox.js'
import { createWatchlist, GALLERY_ID } from '../support/end-to-end/watchlist.js'
import { aFingerRecord } from '../support/finger-samples.js'
import { mulberry32, randomUnitVectors } from '../support/random-vectors.js'
import { describeWithModels } from '../support/weights.js'

const { CreateSubject } = definitions.enrolment
const { Identify } = definitions.identification

const SEED = 20_261_123
const KILL_COUNT = 5
const BATCH_SIZE = 100
const BATCHES_PER_LIFE = 60

// Goal: acknowledged templates and fingers survive kill -9, whole and searched. Method: templates are imported batch by batch, and a
// finger is enrolled; the service is killed at a seeded moment and started again on the same data folder. Five times over.
describeWithModels('a service that is killed while it imports templates', (weightsFolder) => {
  const random = mulberry32(SEED)
  let sandbox: Sandbox
  let service: RunningProgram
  let acknowledgedCount = 0
  let batchCount = 0

  before(async () => {
    sandbox = await Sandbox.open(weightsFolder)
    service = await sandbox.serve()
    await createWatchlist(service.client)
  })
  after(() => sandbox.close())

  for (let kill = 1; kill <= KILL_COUNT; kill++)
    it(`has kept and searches whatever it acknowledged before kill ${kill}`, async function () {
      this.timeout(180_000) // a busy machine takes a minute for what an idle one does in five seconds
      await enrolFinger(service.client, kill)
      await importUntilKilled()
      expect(await faultsOf(sandbox.dataFile)).to.deep.equal([])
      service = await sandbox.serve()
      const verified = await verify(service.client)
      expect(verified.failedCount).to.equal(0)
      const { referenceCount } = await service.client.call(definitions.index.GetIndexStatus, {})
      expect(referenceCount).to.be.at.least(acknowledgedCount)
      for (let earlier = 1; earlier <= kill; earlier++)
        expect(await finds(service.client, earlier)).to.deep.equal([`finger-${earlier}`])
    })

  /** Kills after 1 to 20 answers and up to 30 ms. */
  async function importUntilKilled(): Promise<void> {
    const { algorithm, featureCount } = await service.client.call(definitions.models.ListModels, {})
    const killAfterCount = 1 + Math.floor(random() * 20)
    const delayMs = Math.floor(random() * 30)
    const stream = service.client.stream(definitions.templates.ImportTemplates)
    let answeredCount = 0
    await new Promise<void>((resolve, reject) => {
      stream.on('data', ({ imported }: ImportTemplatesResult__Output) => {
        if (imported?.importedCount !== BATCH_SIZE) reject(new Error('a batch was not imported whole'))
        if (++answeredCount === killAfterCount) void sleep(delayMs).then(() => service.end('SIGKILL'))
      })
      stream.on('error', () => resolve()) // the connection broke
      for (let i = 0; i < BATCHES_PER_LIFE; i++) {
        const batch = batchCount++
        const vectors = randomUnitVectors(BATCH_SIZE, featureCount, SEED + batch)
        const templates = vectors.map((features, j) => {
          return { subjectId: `t-${batch}-${j}`, template: { algorithm, features: [...features] } }
        })
        stream.write({ item: batch, galleryIds: [GALLERY_ID], templates })
      }
    })
    expect(await service.program.exit).to.deep.equal({ code: null, signal: 'SIGKILL' })
    expect(answeredCount).to.be.at.least(killAfterCount)
    acknowledgedCount += answeredCount * BATCH_SIZE
  }
})

async function enrolFinger(client: TestClient, number: number): Promise<void> {
  await client.call(CreateSubject, {
    subjectId: `finger-${number}`,
    galleryIds: [GALLERY_ID],
    encounter: { fingers: [{ template: { data: aFingerRecord(`kill ${number}`, 1, 'left-thumb') } }] },
  })
}

async function finds(client: TestClient, number: number): Promise<readonly string[]> {
  const { candidates } = await client.call(Identify, {
    fingers: [{ template: { data: aFingerRecord(`kill ${number}`, 2, 'left-thumb') } }],
    galleryIds: [GALLERY_ID],
  })
  return candidates.map(({ subjectId }) => subjectId)
}

async function verify(client: TestClient): Promise<VerifyIndexProgress__Output> {
  const { answers } = await drainAnswers(client.serverStream(definitions.index.VerifyIndex, { sampleCount: 300 }))
  return answers.at(-1)!
}
