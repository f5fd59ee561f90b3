import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { readManifest } from '../src/adapters/manifest/read-manifest.js'
import { readScoreCalibration } from '../src/compose-score-calibration.js'
import { CollectingLogger } from './api/support/collecting-logger.js'
import { errorOf, temporaryFolder } from './support/service-bench.js'
import { PACKAGE_ROOT } from './support/weights.js'

// Goal: a service predicts by the calibration of the space that it runs, and by no other. Method: the shipped files, and spoilt copies.
describe('readScoreCalibration()', () => {
  const logger = new CollectingLogger()
  const read = (algorithm: string, root = PACKAGE_ROOT) => readScoreCalibration(root, algorithm, logger)

  it('reads the one that is shipped for a space', async () => {
    const { defaultSpaces } = readManifest(join(PACKAGE_ROOT, 'models', 'manifest.json'))
    const text = await readFile(join(PACKAGE_ROOT, 'models', 'calibration', `${defaultSpaces[0]}.json`), 'utf8')
    const { algorithm } = JSON.parse(text) as { algorithm: string }
    const calibration = await read(algorithm)
    expect(calibration?.algorithm).to.equal(algorithm)
    expect(calibration?.fpirAt(0.5, 1_000).rate).to.be.within(1e-9, 1)
  })

  it('has none for a space without one', async () => {
    expect(await read('nowhere@000000000001')).to.equal(null)
  })

  it('does not take one of other weights, and says so', async () => {
    expect(await read('ensemble@000000000000')).to.equal(null)
    expect(logger.entries.map(({ message }) => message)).to.deep.equal([
      'the calibration is of other weights and is not used',
    ])
  })

  it('refuses one that is damaged', async () => {
    const root = temporaryFolder()
    await mkdir(join(root, 'models', 'calibration'), { recursive: true })
    const bytes = await readFile(join(PACKAGE_ROOT, 'models', 'calibration', 'ensemble.json'))
    await writeFile(join(root, 'models', 'calibration', 'ensemble.json'), bytes.subarray(0, 3_000))
    expect(await errorOf(read('ensemble@94da29074b5a', root))).to.have.property('code', 'PARSE_ERROR')
  })
})
