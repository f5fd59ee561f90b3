import { expect } from 'chai'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CALIBRATION_FOLDER, calibrationStatuses, findCalibration, logCalibration } from '../src/read-calibration.js'
import { MANIFEST, modelsOf, PACKAGE_ROOT } from './support/weights.js'

// Goal: only a whole calibration of the very space in use counts, and an operator sees why another does not. Method: the shipped files,
// and copies of them in a folder of the test's own.
describe('findCalibration()', () => {
  let root: string
  const { algorithm } = modelsOf('ensemble').algorithm
  const shipped = () => readFile(join(PACKAGE_ROOT, CALIBRATION_FOLDER, 'ensemble.json'), 'utf8')
  const put = (name: string, text: string) => writeFile(join(root, CALIBRATION_FOLDER, name), text)

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'portcullis-calibration-'))
    await mkdir(join(root, CALIBRATION_FOLDER), { recursive: true })
  })
  afterEach(() => rm(root, { recursive: true }))

  it('finds those that are shipped, each by the name that the manifest has', async () => {
    const statuses = await calibrationStatuses(PACKAGE_ROOT, MANIFEST)
    for (const { id, calibration } of MANIFEST.spaces) {
      const status = statuses.get(id)
      expect(status?.file).to.equal(calibration ?? `${id}.json`)
      if (calibration !== undefined) expect(status?.state, id).to.equal('usable')
    }
    const { calibration } = await findCalibration(PACKAGE_ROOT, algorithm)
    expect(calibration?.algorithm).to.equal(algorithm)
  })

  it('takes the file of the space where the manifest names none, and the named one where it does', async () => {
    await put('ensemble.json', await shipped())
    expect((await findCalibration(root, algorithm)).status).to.deep.include({ state: 'usable', file: 'ensemble.json' })
    const named = await findCalibration(root, algorithm, 'airport.json')
    expect(named.status).to.deep.include({ state: 'absent', file: 'airport.json', source: null })
    await put('airport.json', await shipped())
    expect((await findCalibration(root, algorithm, 'airport.json')).calibration).to.not.equal(null)
  })

  it('does not count one of other models, nor one that is not whole', async () => {
    await put('ensemble.json', await shipped())
    const other = await findCalibration(root, 'ensemble@000000000000')
    expect([other.status.state, other.calibration]).to.deep.equal(['other-space', null])
    for (const text of [
      '',
      '{}',
      (await shipped()).slice(0, 2_000),
      (await shipped()).replace('"fmr":0.9', '"fmr":0.8'),
    ]) {
      await put('ensemble.json', text)
      const damaged = await findCalibration(root, algorithm)
      expect([damaged.status.state, damaged.calibration]).to.deep.equal(['damaged', null])
    }
    await rm(join(root, CALIBRATION_FOLDER, 'ensemble.json'))
    await mkdir(join(root, CALIBRATION_FOLDER, 'ensemble.json'))
    expect((await findCalibration(root, algorithm)).status.state).to.equal('damaged')
  })

  it('tells the log of one that cannot be used as a warning', async () => {
    const lines: string[] = []
    const take = (level: string) => (fields: Readonly<Record<string, unknown>>) =>
      lines.push(`${level} ${String(fields.state)}`)
    const logger = { info: take('info'), warn: take('warn'), error: take('error') }
    logCalibration((await findCalibration(root, algorithm)).status, logger)
    await put('ensemble.json', 'nothing')
    logCalibration((await findCalibration(root, algorithm)).status, logger)
    await put('ensemble.json', await shipped())
    logCalibration((await findCalibration(root, algorithm)).status, logger)
    expect(lines).to.deep.equal(['info absent', 'warn damaged', 'info usable'])
  })
})
