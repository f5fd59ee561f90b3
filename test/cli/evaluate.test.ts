import { expect } from 'chai'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyFingers } from '../../src/compose-finger-evaluation.js'
import { MINUTIA_TYPES, type FingerView } from '../../src/domain/finger.js'
import { writeFingerRecord } from '../../src/engines/finger/formats/write.js'
import { randomFinger } from '../../scripts/finger/finger.js'
import { randomImpression } from '../../scripts/finger/impression.js'
import { randomFrom } from '../../scripts/samples/random.js'
import { expectCode } from '../support/errors.js'
import { PACKAGE_ROOT } from '../support/weights.js'
import { runCommand } from './support/cli-bench.js'

// Goal: an operator measures error rates on a folder of templates. Method: records of synthetic fingers in a temporary folder, the
// shipped matcher.
function impressionsOf(finger: string, count: number): readonly Uint8Array[] {
  const random = randomFrom(finger)
  const skin = randomFinger(random)
  return Array.from({ length: count }, () => {
    const { x, y, angleRad, type, quality } = randomImpression(skin, random).minutiae
    const heightPx = 700
    const view: FingerView = {
      position: 'unknown',
      viewNumber: 0,
      impression: 0,
      quality: null,
      widthPx: 600,
      heightPx,
      resolutionXPpcm: 197,
      resolutionYPpcm: 197,
      minutiae: Array.from(x, (xPx, i) => ({
        xPx: Math.max(0, Math.min(599, xPx)),
        yPx: Math.max(0, Math.min(heightPx - 1, heightPx - y[i]!)),
        angleRad: angleRad[i]!,
        type: MINUTIA_TYPES[type[i]!]!,
        quality: quality[i]!,
      })),
    }
    return writeFingerRecord({ views: [view] }, 'iso-19794-2-2005')
  })
}

describe('portcullis evaluate verification --modality finger', () => {
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portcullis-evaluate-'))
    for (const finger of ['thumb', 'index', 'middle'])
      for (const [i, record] of impressionsOf(finger, 3).entries())
        await writeFile(join(folder, `${finger}_${i + 1}.fmr`), record)
    await writeFile(join(folder, 'notes.txt'), 'no template')
  })
  after(() => rm(folder, { recursive: true, force: true }))

  it('compares every two impressions once', async () => {
    const done: number[] = []
    const { report, evaluation } = await verifyFingers(PACKAGE_ROOT, folder, (count) => done.push(count))
    expect(evaluation).to.include({
      impressionCount: 9,
      fingerCount: 3,
      matedCount: 9,
      nonMatedCount: 27,
      failuresToRead: 0,
    })
    expect(evaluation.eer).to.be.below(0.2)
    expect(report.tables.flatMap(({ rows }) => rows.map(([label]) => label))).to.include.members(['EER', 'comparisons'])
    expect(done.at(-1)).to.equal(36)
  })

  it('says what is wrong with a folder', async () => {
    const missing = verifyFingers(PACKAGE_ROOT, join(folder, 'nowhere'), () => undefined)
    expect((await expectCode('INVALID_ARGUMENT', missing)).field).to.equal('folder')
  })

  it('asks for the option that the modality needs', async () => {
    const command = ['evaluate', 'verification']
    expect((await runCommand([...command, '--modality', 'finger'])).err).to.include('--folder')
    expect((await runCommand(command)).err).to.include('--pairs')
    expect((await runCommand([...command, '--pairs', 'p'])).err).to.include('--images')
    expect((await runCommand([...command, '--modality', 'iris'])).err).to.include('face, finger')
  })
})
