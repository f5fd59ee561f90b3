import { expect } from 'chai'
import { definitions } from '../../src/api/proto.js'
import { createGallery } from '../api/support/running-service.js'
import { readSampleSubjects } from '../support/end-to-end/samples.js'
import type { RunningProgram } from '../support/end-to-end/running-program.js'
import { Sandbox } from '../support/end-to-end/sandbox.js'
import { Scrape } from '../support/scrape.js'
import { describeWithModels } from '../support/weights.js'

// Goal: the program itself shows its metrics, where it is told to. Method: the real program, models and image workers.
describeWithModels('portcullis serve --metrics-port', (weightsFolder) => {
  let sandbox: Sandbox
  before(async () => {
    sandbox = await Sandbox.open(weightsFolder)
  })
  after(() => sandbox.close())

  const scrape = async ({ metricsPort }: RunningProgram) =>
    new Scrape(await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text())

  it('shows an enrolment and a search, what works and with which models, and ends with the service', async () => {
    const service = await sandbox.serve({ PORTCULLIS_METRICS_PORT: '0', PORTCULLIS_WORKERS: '1' })
    const [anna] = await readSampleSubjects()
    await createGallery(service.client, 'watch')
    const subject = { galleryIds: ['watch'], encounter: { samples: [{ data: anna!.images[0]! }] } }
    await service.client.call(definitions.enrolment.CreateSubject, subject)
    const search = { probe: { data: anna!.images[1]! }, galleryIds: ['watch'] }
    const { outcome } = await service.client.call(definitions.identification.Identify, search)
    expect(outcome).to.equal('REFER_FOR_REVIEW')

    const shown = await scrape(service)
    expect(shown.value('portcullis_enrolments_total{outcome="enrolled",reason="none"}')).to.equal(1)
    expect(shown.value('portcullis_searches_total{mode="exact",outcome="refer-for-review",reason="none"}')).to.equal(1)
    expect(shown.value('portcullis_index_references')).to.equal(1)
    expect(Object.keys(shown.family('portcullis_index_shard_bytes'))).to.have.length(1)
    expect(shown.value('portcullis_analysis_images{state="working"}')).to.equal(0)
    expect(shown.value('portcullis_analysis_images_max')).to.equal(65) // one worker, and a queue of 64
    const states = Object.values(shown.family('portcullis_graph_state'))
    expect(states.reduce((sum, isOn) => sum + isOn, 0)).to.equal(1)
    expect(Object.keys(shown.family('portcullis_model_info')).length).to.be.greaterThan(1)

    expect(await service.end('SIGTERM')).to.include({ code: 0 })
    expect(await scrape(service).catch(() => 'nobody')).to.equal('nobody')
  })

  it('serves none unless it is told to', async () => {
    const service = await sandbox.serve()
    expect(service.metricsPort).to.equal(null)
    await service.end('SIGTERM')
  })

  it('does not start on a port that is taken, and says so', async () => {
    const service = await sandbox.serve({ PORTCULLIS_METRICS_PORT: '0' })
    const { code, stderr } = await sandbox.run([
      ...['serve', '--port', '0', '--data', `${sandbox.folder}/other`],
      ...['--metrics-port', String(service.metricsPort)],
    ])
    expect(code).to.equal(1)
    expect(stderr).to.equal('error: expected a free port for metrics, got one that is taken\n')
    await service.end('SIGTERM')
  })
})
