import { expect } from 'chai'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DoctorReport } from '../../src/cli/doctor.js'
import type { Manifest } from '../../src/domain/models.js'
import { aModel } from '../adapters/models/support/a-model.js'
import { runCommand } from './support/cli-bench.js'

// Goal: an operator sees which models are there, gets the others, and is told the one command that mends a machine.
// Method: the real installer, a mirror folder, "weights" that are short texts.
describe('portcullis models and doctor', () => {
  let root: string
  const detector = {
    ...aModel('detector', 'detector weights', 'https://example.org/d'),
    role: 'face-detector' as const,
  }
  const recogniser = aModel('recogniser', 'recogniser weights', null, 'converted here')
  const manifest: Manifest = {
    models: [detector, recogniser],
    spaces: [
      {
        id: 'space-1',
        members: [{ modelId: 'recogniser', weight: 1 }],
        mirror: false,
        caveats: 'for tests',
        measuredOn: 'nobody',
        operatingPoints: [{ fmr: 1e-3, score: 0.5 }],
        defaultFmr: 1e-3,
      },
    ],
    defaultSpaces: ['space-1'],
  }

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'portcullis-cli-models-'))
    await mkdir(join(root, 'mirror'))
    await writeFile(join(root, 'mirror', 'detector.onnx'), 'detector weights')
  })
  afterEach(() => rm(root, { recursive: true, force: true }))

  const run = (...args: string[]) =>
    runCommand(args, { manifest, weightsFolder: join(root, 'weights'), dataFolder: join(root, 'data') })
  const install = (...more: string[]) => run('models', 'install', '--mirror', join(root, 'mirror'), ...more)

  it('lists id, role, state and licence', async () => {
    await install('detector')
    const { code, out } = await run('models', 'list')
    expect(code).to.equal(0)
    expect(out)
      .to.match(/detector.*face-detector.*installed.*Apache-2\.0/)
      .and.match(/recogniser.*face-recogniser.*missing/)
  })

  it('installs what the mirror has, names what it lacks, and exits with 2 until nothing is missing', async () => {
    const partly = await install()
    expect(partly.code).to.equal(2)
    expect(partly.out).to.equal(
      'detector: installed from mirror\n' +
        'recogniser: NOT installed (unavailable): the mirror has no file recogniser.onnx; add it there, or name another --mirror\n' +
        '1 of 2 wanted models are installed.\n',
    )
    expect((await install('detector')).code).to.equal(0)
    await writeFile(join(root, 'mirror', 'recogniser.onnx'), 'recogniser weights')
    const { code, out } = await install('--json')
    expect(code).to.equal(0)
    expect((JSON.parse(out) as { models: unknown }).models).to.deep.equal([
      { modelId: 'detector', outcome: 'already-installed' },
      { modelId: 'recogniser', outcome: 'installed', from: 'mirror' },
    ])
  })

  it('says of a converted model why upstream cannot give it', async () => {
    const { code, out } = await run('models', 'install', 'recogniser')
    expect(code).to.equal(2)
    expect(out).to.include('upstream does not publish this file (converted here); give a --mirror that has it')
  })

  it('refuses an unknown model id', async () => {
    expect((await install('nonsense')).err).to.equal(
      'error: ids: expected model ids among recommended, detector, recogniser, got another id\n',
    )
  })

  it('finds a damaged file by its hash', async () => {
    await install('detector')
    await writeFile(join(root, 'weights', 'detector.onnx'), 'DETECTOR weights')
    const { code, out } = await run('models', 'verify')
    expect(code).to.equal(2)
    expect(out).to.match(/detector: damaged, its sha256 is [0-9a-f]{64}, the manifest says [0-9a-f]{64}\n/)
    expect(out).to.include('0 of 2 models are installed and intact.')
  })

  it('tells what a machine lacks and the command that mends it, and when nothing is missing', async () => {
    const ill = await run('doctor')
    expect(ill.code).to.equal(1)
    expect(ill.out).to.include('Missing: models detector. Run: npx portcullis models install recommended\n')
    expect(ill.out).to.include(
      'Missing: models recogniser (not published by their makers in this form). Run: npx portcullis models install recommended --mirror <folder>',
    )
    expect(ill.out).to.not.include('In use')
    expect(ill.out)
      .to.match(/space-1.*no: needs detector, recogniser/)
      .and.include('cannot start yet')
    await writeFile(join(root, 'mirror', 'recogniser.onnx'), 'recogniser weights')
    await install()
    const well = await run('doctor')
    expect(well.code).to.equal(0)
    expect(well.out)
      .to.include(`Node.js  ${process.versions.node}`)
      .and.match(/Data .*data: writable, \d+\.\d GiB free/)
    expect(well.out).to.match(/In use {3}template space space-1: detector@[0-9a-f]{12}, recogniser@[0-9a-f]{12}\n/)
    expect(well.out)
      .to.match(/space-1.*yes/)
      .and.include('The service can start')
      .and.not.include('Missing')
  })

  it('tells of which spaces error rates can be asked for', async () => {
    const status = { algorithm: 'space-1@0', file: 'space-1.json', source: null, resolution: null }
    const withState = async (state: 'usable' | 'absent' | 'damaged' | 'other-space', ...args: string[]) => {
      const calibrations = new Map([['space-1', { ...status, state }]])
      return (await runCommand(['doctor', ...args], { manifest, dataFolder: join(root, 'data'), calibrations })).out
    }
    expect(await withState('usable')).to.match(/space-1.*│ calibrated/)
    expect(await withState('absent')).to.match(/space-1.*│ no calibration/)
    expect(await withState('damaged')).to.match(/space-1.*│ NO: calibration damaged/)
    expect(await withState('other-space')).to.match(/space-1.*│ NO: calibration of other models/)
    const json = JSON.parse(await withState('other-space', '--json')) as DoctorReport
    expect(json.spaces[0]?.calibration?.state).to.equal('other-space')
  })

  it('sees that the data folder cannot be', async () => {
    await writeFile(join(root, 'data'), 'a file where the folder should be')
    await writeFile(join(root, 'mirror', 'recogniser.onnx'), 'recogniser weights')
    await install()
    const { code, out } = await run('doctor', '--json')
    expect(code).to.equal(1)
    expect(JSON.parse(out)).to.deep.include({ canServe: false })
    expect((JSON.parse(out) as DoctorReport).dataFolder).to.include({ isWritable: false })
  })
})
