import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import type { DemoResult } from '../../src/cli/demo.js'
import { readSampleProbes, readSampleSubjects } from '../support/end-to-end/samples.js'
import { Sandbox, type Ran } from '../support/end-to-end/sandbox.js'
import { describeWithModels } from '../support/weights.js'

/** Share of the probes whose own subject must come first. Rendered faces: it says nothing about people. */
const RIGHT_SHARE_MIN = 0.9
/** The same of one synthetic finger at a false match rate of 1 in 10,000: some impressions share too little skin. */
const FINGER_RIGHT_SHARE_MIN = 2 / 3

// Goal: what somebody sees who has just cloned the repository and runs `npm start`.
describeWithModels('portcullis start --once', (weightsFolder) => {
  let sandbox: Sandbox
  before(async () => (sandbox = await Sandbox.open(weightsFolder)))
  after(() => sandbox.close())

  const start = (...options: string[]) =>
    sandbox.run(['start', '--once', '--port', '0', '--data', join(sandbox.folder, 'data'), ...options])

  let rerun: Ran | undefined
  const startAgain = async () => (rerun ??= await start('--json'))

  it('enrols the samples, shows one row for each probe, says what to try next, and ends', async () => {
    const { code, stdout, stderr } = await start()
    const probes = await readSampleProbes()
    const imageCount = (await readSampleSubjects()).reduce((count, { images }) => count + images.length, 0)

    expect(code).to.equal(0)
    expect(stderr).to.match(/^(These models are not installed: [^\n]+ models install recommended\n)?$/)
    expect(stdout).to.contain(`Samples: ${imageCount} enrolled now, 0 already there, 0 refused, 0 failed.`)
    const rows = stdout.split('\n').filter((line) => /REFER_FOR_REVIEW|NO_CANDIDATE/.test(line))
    expect(rows).to.have.length(probes.length)
    const matedCount = probes.filter(({ subjectId }) => subjectId !== '').length
    expect(stdout).to.match(new RegExp(`^\\d+ of ${matedCount} probes have the right subject first; `, 'm'))
    expect(stdout).to.contain('Try next:')
  })

  it('enrols nothing anew when it runs again, and puts the right subject first', async () => {
    const { code, stdout, stderr } = await startAgain()
    const { enrolment, probes } = JSON.parse(stdout) as DemoResult

    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
    const { 'already-there': alreadyThere, ...others } = enrolment.counts
    expect(others).to.deep.equal({ enrolled: 0, refused: 0, failed: 0, 'not-tried': 0 })
    expect(alreadyThere).to.be.greaterThan(0)
    expect(enrolment.subjectsWithoutImageCount).to.equal(0)
    const mated = probes.filter(({ expectedSubjectId }) => expectedSubjectId !== '')
    const right = mated.filter(({ expectedSubjectId, firstSubjectId }) => firstSubjectId === expectedSubjectId)
    expect(mated.length).to.be.greaterThan(0)
    expect(right.length / mated.length).to.be.at.least(RIGHT_SHARE_MIN)
    for (const { firstScore, thresholdScore } of right) expect(firstScore).to.be.at.least(thresholdScore!)
  })

  it('finds the same subjects by a finger, and by face and finger, and refers no stranger', async () => {
    const { fingerEnrolment, fingers } = JSON.parse((await startAgain()).stdout) as DemoResult
    expect(fingerEnrolment?.counts).to.include({ 'already-there': 32, refused: 0, failed: 0 }) // two of 16 subjects
    expect(
      fingers.map(({ searchedBy, matedCount, strangerCount }) => [searchedBy, matedCount, strangerCount]),
    ).to.deep.equal([
      ['right-index', 32, 4],
      ['left-index', 32, 4],
      ['face + right-index', 32, 4],
    ])
    for (const { searchedBy, matedCount, rightFirstCount, referredStrangerCount, strangerScoreMax } of fingers) {
      expect(rightFirstCount / matedCount, searchedBy).to.be.at.least(FINGER_RIGHT_SHARE_MIN)
      expect(referredStrangerCount, searchedBy).to.equal(0)
      expect(strangerScoreMax, searchedBy).to.not.equal(null)
    }
  })
})

// Goal: a fresh clone, without a mirror and without a network, detects and identifies with what is in it, and says so. Method: the same
// program with an empty folder for weights, and no mirror.
describe('portcullis start with the weights of the package alone', () => {
  let sandbox: Sandbox
  before(async () => {
    sandbox = await Sandbox.open('')
    await mkdir(join(sandbox.folder, 'empty'))
  })
  after(() => sandbox.close())

  const run = (...args: string[]) => {
    const empty = join(sandbox.folder, 'empty')
    const environment = { PORTCULLIS_MODELS_DIR: empty, PORTCULLIS_MODELS_MIRROR: empty }
    return sandbox.run([...args, '--data', join(sandbox.folder, 'data')], environment)
  }
  const start = (...options: string[]) => run('start', '--once', '--port', '0', ...options)

  it('finds every sample, puts the right subject first, and refers no stranger', async () => {
    const { code, stdout, stderr } = await start('--json')
    const { enrolment, probes } = JSON.parse(stdout) as DemoResult
    const images = (await readSampleSubjects()).flatMap((subject) => subject.images)

    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
    expect(enrolment.counts).to.include({ enrolled: images.length, refused: 0, failed: 0 })
    const mated = probes.filter(({ expectedSubjectId }) => expectedSubjectId !== '')
    const right = mated.filter(({ expectedSubjectId, firstSubjectId }) => firstSubjectId === expectedSubjectId)
    expect(right.length / mated.length).to.be.at.least(RIGHT_SHARE_MIN)
    const strangers = probes.filter(({ expectedSubjectId }) => expectedSubjectId === '')
    expect(strangers.length).to.be.greaterThan(0)
    expect(strangers.filter(({ outcome }) => outcome === 'REFER_FOR_REVIEW')).to.deep.equal([])
  })

  it('says that they are ours and small, and which command brings stronger ones', async () => {
    const { stdout } = await run('doctor')
    expect(stdout).to.match(/In use {3}template space own: portcullis-detector-1@.*small weights of our own/)
    expect(stdout).to.contain('npx portcullis models install recommended')
  })

  it('ends with code 1 and one line that names the command, where another space is asked for', async () => {
    const { code, stdout, stderr } = await start('--space', 'ensemble')
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' })
    const errors = stderr.split('\n').filter((line) => line.startsWith('error: '))
    expect(errors).to.have.length(1)
    expect(errors[0]).to.contain('run `npx portcullis models install recommended`')
    expect(stderr.trimEnd().split('\n').at(-1)).to.equal(errors[0]) // the last thing to be read
    expect(stderr).to.not.match(/^\s+at /m)
  })

  it('says the same to a program', async () => {
    const { code, stdout, stderr } = await start('--json', '--space', 'ensemble')
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' })
    const { error } = JSON.parse(stderr) as { error: { reason: string; message: string } }
    expect(error.reason).to.equal('MODEL_NOT_INSTALLED')
    expect(error.message).to.contain('run `npx portcullis models install recommended`')
  })
})
