import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import type { CalibrateOptions } from '../../src/cli/dependencies.js'
import { parseCalibration } from '../../src/engines/calibration/file.js'
import { shippedCommands } from '../support/commands.js'
import { expectCode } from '../support/errors.js'
import { temporaryFolder } from '../support/service-bench.js'
import { describeWithWeights, PACKAGE_ROOT } from '../support/weights.js'

// Goal: `portcullis calibrate` makes a file from a user's own samples, the same one again, and no silly numbers from bad input.
// Method: the shipped matcher and models over the project's samples of nobody.
const FINGERS = join(PACKAGE_ROOT, 'samples', 'fingers', 'probes')
const PEOPLE = join(PACKAGE_ROOT, 'samples', 'subjects')
const nothing = () => undefined

describe('portcullis calibrate', () => {
  const folder = temporaryFolder()
  const out = join(folder, 'calibration.json')
  const calibrate = (options: Partial<CalibrateOptions>, weightsFolder?: string) =>
    shippedCommands(folder, weightsFolder).calibrate(
      { modality: 'finger', seed: 1, out, ...options } as CalibrateOptions,
      nothing,
    )

  async function pairs(name: string, ...rows: readonly string[]): Promise<string> {
    await writeFile(join(folder, name), ['image_a,image_b,mated', ...rows].join('\n'))
    return name
  }

  it('makes a calibration of fingers, and the same bytes again', async function () {
    this.timeout(120_000)
    await calibrate({ folder: FINGERS, date: '2026-01-31' })
    const first = await readFile(out)
    const { source, algorithm } = parseCalibration(first)
    expect(algorithm).to.match(/^minutiae-v1@/)
    expect(source).to.deep.include({ personCount: 32, sampleCount: 64, nonMatedCount: 64 * 63 / 2 - 32, matedCount: 32 }) // prettier-ignore
    expect(source).to.deep.include({ data: 'probes', date: '2026-01-31', failuresToExtract: 0 })
    expect(source.command).to.equal('portcullis calibrate --modality finger --folder probes --date 2026-01-31 --seed 1')
    await calibrate({ folder: FINGERS, date: '2026-01-31' })
    expect((await readFile(out)).equals(first)).to.equal(true)
    await calibrate({ folder: FINGERS, date: '2026-01-31', seed: 2 })
    expect((await readFile(out)).equals(first)).to.equal(false)
  })

  it('takes the day of the newest input where no date is given, and counts templates that cannot be read', async function () {
    this.timeout(120_000)
    const copies = join(folder, 'copies')
    await mkdir(copies)
    for (const subject of Array.from({ length: 16 }, (_, i) => `S${String(i + 1).padStart(3, '0')}`))
      for (const name of ['left-index_1', 'left-index_2', 'right-index_1', 'right-index_2']) {
        const copy = join(copies, `${subject}_${name}.fmr`)
        await writeFile(copy, await readFile(join(FINGERS, `${subject}_${name}.fmr`)))
        await utimes(copy, 0, Date.parse('2025-06-07T12:00Z') / 1000)
      }
    await writeFile(join(copies, 'S017_left-index_1.fmr'), 'no template')
    await utimes(join(copies, 'S017_left-index_1.fmr'), 0, Date.parse('2025-06-08T12:00Z') / 1000)
    await calibrate({ folder: copies })
    expect(parseCalibration(await readFile(out)).source).to.include({ date: '2025-06-08', failuresToExtract: 1 })
  })

  it('refuses what it is not told rightly', async () => {
    const refused = async (options: Partial<CalibrateOptions>) =>
      (await expectCode('INVALID_ARGUMENT', calibrate(options))).field
    expect(await refused({ folder: FINGERS, date: 'yesterday' })).to.equal('date')
    expect(await refused({ folder: FINGERS, date: '2026-13-01' })).to.equal('date')
    expect(await refused({ folder: join(folder, 'none') })).to.equal('folder')
    expect(await refused({ folder: PEOPLE })).to.equal('folder') // no fingers there
    expect(await refused({ modality: 'face', pairs: 'none.txt', images: folder })).to.equal('pairs')
  })

  it('refuses one class, and a rate that the comparisons cannot measure', async () => {
    const strangers = join(PACKAGE_ROOT, 'samples', 'fingers', 'strangers') // N001_left-index.fmr: no impression has a number
    await expectCode('INVALID_ARGUMENT', calibrate({ folder: strangers }))
    const error = await expectCode('INVALID_ARGUMENT', calibrate({ folder: FINGERS, lowestFmr: 1e-4 }))
    expect(error.expected).to.equal('100000 comparisons of different people for an FMR of 0.0001')
    expect(error.got).to.equal('1984')
  })

  describeWithWeights('with faces', (weightsFolder) => {
    it('refuses pairs that name missing images, and pairs of one class', async () => {
      const missing = await pairs('missing.csv', 'S001/1.jpg,S001/9.jpg,1', 'S001/1.jpg,S002/1.jpg,0')
      const error = await expectCode(
        'INVALID_ARGUMENT',
        calibrate({ modality: 'face', pairs: missing, images: PEOPLE }, weightsFolder),
      )
      expect(error).to.include({ field: 'images', got: 'one that is missing' })
      const oneClass = await pairs('one-class.csv', 'S001/1.jpg,S002/1.jpg,0', 'S002/1.jpg,S003/1.jpg,0')
      const other = await expectCode(
        'INVALID_ARGUMENT',
        calibrate({ modality: 'face', pairs: oneClass, images: PEOPLE }, weightsFolder),
      )
      expect(other.got).to.equal('no two samples of one person')
    })

    it('makes a calibration of a folder of people', async function () {
      this.timeout(120_000)
      await calibrate({ modality: 'face', folder: PEOPLE, space: 'retail-0095', date: '2026-01-31' }, weightsFolder)
      const { source, algorithm } = parseCalibration(await readFile(out))
      expect(algorithm).to.match(/^retail-0095@/)
      expect(source).to.include({ personCount: 16, sampleCount: 48, matedCount: 48, nonMatedCount: 1080 })
    })
  })
})
