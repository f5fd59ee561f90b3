import { join } from 'node:path'
import { expect } from 'chai'
import sharp from 'sharp'
import type { EnrolReport } from '../../src/cli/enrol/report.js'
import type { IdentifyResponse__Output } from '../../src/generated/portcullis/v1/IdentifyResponse.js'
import { readSampleSubjects, type SampleSubject } from '../support/end-to-end/samples.js'
import { Sandbox, type Ran } from '../support/end-to-end/sandbox.js'
import { describeWithModels, MODELS_AT_HAND } from '../support/weights.js'

// Goal: an operator's day at the command line: the program and the service are the real ones, over a real connection.
// What each command can say is specified in test/cli.
describeWithModels('portcullis on the command line', (weightsFolder) => {
  let sandbox: Sandbox
  let server: string
  let anna: SampleSubject
  let ben: SampleSubject
  let carla: SampleSubject

  before(async () => {
    sandbox = await Sandbox.open(weightsFolder)
    server = (await sandbox.serve()).address
    const people = await readSampleSubjects()
    ;[anna, ben, carla] = [people[0]!, people[1]!, people[2]!]
    await sandbox.put('folder/anna/1.jpg', anna.images[0]!)
    await sandbox.put('folder/anna/2.jpg', anna.images[1]!)
    await sandbox.put('folder/ben.jpg', ben.images[0]!)
    await sandbox.put('folder/broken.jpg', ben.images[1]!.subarray(0, 5_000))
    expect(await codeOf(run('gallery', 'create', 'watch', '--owner', 'A', '--purpose', 'Tests'))).to.equal(0)
  })
  after(() => sandbox.close())

  const run = (...args: string[]): Promise<Ran> => sandbox.run(args, { PORTCULLIS_SERVER: server })
  const codeOf = async (ran: Promise<Ran>): Promise<number | null> => (await ran).code
  const enrol = async (path: string): Promise<{ code: number | null; report: EnrolReport }> => {
    const { code, stdout } = await run('--json', 'enrol', join(sandbox.folder, path), '--gallery', 'watch')
    return { code, report: JSON.parse(stdout) as EnrolReport }
  }
  const identify = async (image: Buffer): Promise<IdentifyResponse__Output> => {
    const { code, stdout } = await run(
      '--json',
      'identify',
      await sandbox.put('probe.jpg', image),
      '--gallery',
      'watch',
    )
    expect(code).to.equal(0)
    return JSON.parse(stdout) as IdentifyResponse__Output
  }
  const firstOf = async (image: Buffer): Promise<string | undefined> => (await identify(image)).candidates[0]?.subjectId

  it('enrols a folder but for a broken image, says which one it is, and ends with code 1', async () => {
    const { code, report } = await enrol('folder')
    expect(code).to.equal(1)
    expect(report.counts).to.deep.equal({ enrolled: 3, 'already-there': 0, refused: 0, failed: 1, 'not-tried': 0 })
    expect(report.problems.map(({ subjectId, reason }) => [subjectId, reason])).to.deep.equal([
      ['broken', 'PARSE_ERROR'],
    ])
    expect(await firstOf(anna.images[2]!)).to.equal('anna')
    expect(await firstOf(ben.images[2]!)).to.equal('ben')
  })

  it('takes up the folder again once the image is mended: only that one is enrolled', async () => {
    await sandbox.put('folder/broken.jpg', carla.images[0]!)
    const { code, report } = await enrol('folder')
    expect(code).to.equal(0)
    expect(report.counts).to.deep.equal({ enrolled: 1, 'already-there': 3, refused: 0, failed: 0, 'not-tried': 0 })
    expect(await firstOf(carla.images[1]!)).to.equal('broken')
  })

  it('enrols a CSV but for a broken image, and knows what the folder brought already', async () => {
    await sandbox.put('folder/torn.jpg', carla.images[2]!.subarray(0, 3_000))
    const rows = ['subject_id,external_id,display_name,image']
    rows.push('anna,QX.1,Anna,folder/anna/1.jpg', 'anna,QX.1,Anna,folder/torn.jpg', 'carla,,Carla,probe.jpg')
    await sandbox.put('probe.jpg', carla.images[1]!)
    await sandbox.put('list.csv', `${rows.join('\n')}\n`)
    const { code, report } = await enrol('list.csv')
    expect(code).to.equal(1)
    expect(report.counts).to.deep.equal({ enrolled: 1, 'already-there': 1, refused: 0, failed: 1, 'not-tried': 0 })
  })

  it('shows a table, the threshold and its error rate to a person', async () => {
    const { code, stdout, stderr } = await run('identify', join(sandbox.folder, 'folder/ben.jpg'), '--gallery', 'watch')
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
    expect(stdout)
      .to.match(/ben/)
      .and.match(/threshold/i)
  })

  it('keeps a rate of false positives that the operator states, by the calibration that is shipped', async () => {
    const probe = await sandbox.put('probe.jpg', anna.images[2]!)
    const { code, stdout } = await run('--json', 'identify', probe, '--gallery', 'watch', '--target-fpir', '0.01')
    expect(code).to.equal(0)
    const { threshold, candidates, evidence } = JSON.parse(stdout) as IdentifyResponse__Output
    expect(threshold).to.include({ source: 'target-fpir', scale: 'cosine' })
    expect(threshold?.fpir).to.deep.include({ target: 0.01, referenceCount: evidence?.referencesCoveredCount })
    expect(threshold?.fpir?.measuredOn).to.match(/^LFW/)
    expect(threshold?.fpir?.rate).to.be.closeTo(0.01, 1e-6)
    expect(candidates[0]?.subjectId).to.equal('anna')
    expect(candidates[0]?.fmrAtScore).to.be.below(1e-4)
    expect(candidates[0]?.llr).to.be.above(2)
    const { stdout: models } = await run('doctor', '--models', weightsFolder, '--data', sandbox.folder)
    expect(models).to.match(new RegExp(`${MODELS_AT_HAND.space.id} +│ yes +│ calibrated`))
    expect(models).to.contain(`In use   template space ${MODELS_AT_HAND.space.id}`)
  })

  it('finds a subject no more once it is deleted', async () => {
    expect(await firstOf(ben.images[0]!)).to.equal('ben')
    expect(await codeOf(run('subject', 'delete', 'ben'))).to.equal(0)
    expect((await identify(ben.images[0]!)).candidates.map(({ subjectId }) => subjectId)).to.not.include('ben')
    expect(await codeOf(run('subject', 'show', 'ben'))).to.equal(1)
  })

  it('ends with code 2 when the probe has no usable face, and with 1 when it is no image', async () => {
    const grey = await sandbox.put('grey.png', await greyImage())
    expect(await codeOf(run('identify', grey, '--gallery', 'watch'))).to.equal(2)
    const text = await sandbox.put('text.jpg', 'a text')
    const { code, stderr } = await run('identify', text, '--gallery', 'watch')
    expect(code).to.equal(1)
    expect(stderr).to.match(/^error: [^\n]+\n$/)
  })
})

async function greyImage(): Promise<Buffer> {
  return sharp({ create: { width: 200, height: 200, channels: 3, background: '#808080' } })
    .png()
    .toBuffer()
}
