import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { definitions } from '../../src/api/proto.js'
import type { MonitoredSearches__Output } from '../../src/generated/portcullis/v1/MonitoredSearches.js'
import { faultsOf } from '../support/end-to-end/data-file.js'
import type { RunningProgram } from '../support/end-to-end/running-program.js'
import { readSampleSubjects } from '../support/end-to-end/samples.js'
import { Sandbox } from '../support/end-to-end/sandbox.js'
import { createWatchlist, enrol, enrolmentOf, GALLERY_ID, identify } from '../support/end-to-end/watchlist.js'
import { describeWithModels, MODELS_AT_HAND } from '../support/weights.js'

const { ReportOutcome } = definitions.identification
const { GetGalleryMonitor } = definitions.galleries

// Goal: what the monitor of a real service survives, and that it predicts by the calibration that is shipped.
// Method: the real program with real models; power cuts (kill -9) and a stop in good order.
describeWithModels('the monitor of a service that is killed', (weightsFolder) => {
  let sandbox: Sandbox
  let service: RunningProgram
  let listed: Buffer

  before(async () => {
    const subjects = await readSampleSubjects()
    listed = subjects[0]!.images[0]!
    sandbox = await Sandbox.open(weightsFolder)
    service = await sandbox.serve()
    await createWatchlist(service.client)
    for (const { subjectId, images: own } of subjects.slice(0, 5))
      await enrol(service.client, enrolmentOf(subjectId, own.slice(0, 1)))
  })
  after(() => sandbox.close())

  async function counts(): Promise<MonitoredSearches__Output> {
    const { searches } = await service.client.call(GetGalleryMonitor, { galleryId: GALLERY_ID })
    expect(searches).to.have.length(1)
    return searches[0]!
  }

  async function again(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await service.end(signal)
    expect(await faultsOf(sandbox.dataFile)).to.deep.equal([])
    service = await sandbox.serve()
  }

  it('keeps an outcome that was acknowledged, and the search that it is of', async () => {
    const { searchId } = await identify(service.client, listed)
    await service.client.call(ReportOutcome, { searchId, outcome: 'SAME_PERSON' })
    await again('SIGKILL')
    expect(await counts()).to.include({ searchCount: 1, alarmCount: 1, samePersonCount: 1 })
    expect(await service.client.call(ReportOutcome, { searchId, outcome: 'SAME_PERSON' })).to.include({
      isRepeated: true,
    })
  })

  it('keeps searches of a few seconds ago', async () => {
    await identify(service.client, listed)
    await sleep(3_000) // one second, and time for a slow disk
    await again('SIGKILL')
    expect(await counts()).to.include({ searchCount: 2, alarmCount: 2, pendingCount: 1 })
  })

  it('keeps every search when it is stopped in good order', async () => {
    await identify(service.client, listed)
    await again('SIGTERM')
    expect(await counts()).to.include({ searchCount: 3, alarmCount: 3, pendingCount: 2 })
  })

  it('predicts by the shipped calibration of the space, within its interval', async () => {
    const { predicted, observed, verdict, algorithm } = await counts()
    expect(algorithm).to.equal(MODELS_AT_HAND.algorithm.algorithm)
    expect(predicted?.fpir).to.be.within(1e-7, 0.1) // five references at the default threshold
    expect(predicted?.lower95).to.be.below(predicted!.fpir)
    expect(predicted?.upper95).to.be.above(predicted!.fpir)
    expect(observed).to.include({ leastFpir: 0, mostFpir: 1 }) // two alarms that nobody decided
    expect(verdict).to.equal('TOO_FEW_OUTCOMES') // two of two would be far too many
  })
})
