import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { readFingerMatcher } from '../../src/compose-finger.js'
import type { ComparedSamples } from '../../src/domain/calibration.js'
import { backgroundContext } from '../../src/domain/context.js'
import { compareAll } from '../../src/engines/calibration/compare-all.js'
import { CalibrationCurve } from '../../src/engines/calibration/curve.js'
import { parseCalibration } from '../../src/engines/calibration/file.js'
import { FingerComparer } from '../../src/engines/finger/comparer.js'
import { prepareFinger } from '../../src/engines/finger/features.js'
import { readFingerRecord } from '../../src/engines/finger/formats/read.js'
import { normaliseView } from '../../src/engines/finger/normalise.js'
import { filesOfFingers } from '../../src/services/calibration/samples.js'
import { shippedCommands } from '../support/commands.js'
import { temporaryFolder } from '../support/service-bench.js'
import { describeWithShared } from '../support/shared-data.js'
import { PACKAGE_ROOT } from '../support/weights.js'

const run = promisify(execFile)
const shippedFile = () => readFile(join(PACKAGE_ROOT, 'models', 'calibration', 'minutiae-v1.json'))

// Goal: the shipped calibration of fingers is what its commands make. Method: make the synthetic fingers again, and run the command
// that the file itself states.
describe('The shipped calibration of fingers', () => {
  it('regenerates byte for byte', async function () {
    this.timeout(300_000)
    const shipped = await shippedFile()
    const { source, bootstrap, algorithm, marginDecades } = parseCalibration(shipped)
    expect(algorithm).to.equal((await readFingerMatcher(PACKAGE_ROOT)).algorithm.algorithm)
    const folder = temporaryFolder()
    const script = join(PACKAGE_ROOT, 'dist', 'scripts', 'finger', 'make-calibration-set.js')
    await run(process.execPath, [script, join(folder, 'synthetic-fingers')])
    await shippedCommands(folder).calibrate(
      {
        modality: 'finger',
        folder: 'synthetic-fingers',
        description: source.data,
        marginDecades: marginDecades!,
        date: source.date,
        seed: bootstrap.seed,
        out: 'again.json',
      },
      () => undefined,
    )
    expect((await readFile(join(folder, 'again.json'))).toString()).to.equal(shipped.toString())
  })
})

// Goal: a caller who asks for a false match rate of real fingers gets one within the stated interval. Method: FVC2002 and FVC2004
// DB1_B (NIST mindtct's minutiae), of which the calibration holds nothing but its margin.
describeWithShared('The stated false match rate of fingers, on FVC', 'fvc-dev', (folder) => {
  const rows: object[] = []
  after(() => console.table(rows))

  for (const database of ['fvc2002_db1', 'fvc2004_db1'])
    it(`holds the measured one at 0.1, 0.01 and 0.001 (${database})`, async function () {
      this.timeout(120_000)
      const curve = new CalibrationCurve(parseCalibration(await shippedFile()))
      const { nonMated, mated } = await compareFolder(join(folder, database))
      expect([nonMated.scores.length, mated.scores.length]).to.deep.equal([2880, 280])
      for (const fmr of [0.1, 0.01, 0.001]) {
        const score = curve.scoreAtFmr(fmr)
        const { rate, lower95, upper95, isExtrapolated } = curve.fmrAt(score)
        const measured = nonMated.scores.filter((value) => value >= score).length / 2880
        const missed = mated.scores.filter((value) => value < score).length / 280
        rows.push({ database, fmr, score: short(score), lower95: short(lower95), upper95: short(upper95), measured: short(measured), fnmr: short(curve.fnmrAt(score).rate), missed: short(missed) }) // prettier-ignore
        expect(rate).to.be.closeTo(fmr, fmr * 1e-6)
        expect(isExtrapolated).to.equal(false)
        expect(measured, String(fmr)).to.be.within(lower95, upper95)
      }
    })
})

function short(value: number): number {
  return Number(value.toPrecision(3))
}

/** Every two impressions once. */
async function compareFolder(folder: string): Promise<ComparedSamples> {
  const { model } = await readFingerMatcher(PACKAGE_ROOT)
  const comparer = new FingerComparer(model)
  const samples = await Promise.all(
    filesOfFingers(await readdir(folder)).map(async ({ name, person }) => {
      const [view] = readFingerRecord(await readFile(join(folder, name)), { mode: 'lenient' }).views
      return { person, features: prepareFinger(normaliseView(view!), model) }
    }),
  )
  const compare = comparer.compare.bind(comparer)
  return compareAll(samples, compare, () => undefined, backgroundContext('test'))
}
