import { expect } from 'chai'
import { join } from 'node:path'
import sharp from 'sharp'
import type { EnrolReport } from '../../src/cli/enrol/report.js'
import { fuse } from '../../src/engines/fusion/fuse.js'
import { fingerEncounterIdOf } from '../../src/cli/enrol/content-ids.js'
import type { IdentifyResponse__Output } from '../../src/generated/portcullis/v1/IdentifyResponse.js'
import type { VerifyResponse__Output } from '../../src/generated/portcullis/v1/VerifyResponse.js'
import { drawPrint } from '../engines/finger/extraction/support/drawn-prints.js'
import { aFingerRecord } from '../support/finger-samples.js'
import { aFace, anImageOf } from '../support/synthetic-analyser.js'
import { CliBench, failureOf } from './support/cli-bench.js'

// Goal: fingerprints go through the command line as face images do. Method: the real program, service, matcher, index and
// extractor; synthetic impressions, a print drawn by formula, and faces at known angles.

/** Ten endings on a ring, far enough from each other and from the rim to be found. */
const MINUTIAE = Array.from({ length: 10 }, (_, i) => ({
  right: Math.round(85 * Math.cos((i * Math.PI) / 5)),
  up: Math.round(85 * Math.sin((i * Math.PI) / 5)),
  type: 'ending' as const,
  pointsRight: i % 2 === 0,
}))

async function pngOf({ pixels, widthPx, heightPx }: ReturnType<typeof drawPrint>): Promise<Uint8Array> {
  const raw = { width: widthPx, height: heightPx, channels: 1 } as const
  return sharp(pixels, { raw }).toColourspace('b-w').png().toBuffer()
}

describe('portcullis with fingers', () => {
  let bench: CliBench
  beforeEach(async () => {
    bench = await CliBench.open()
    await bench.service.addGallery('watch')
  })
  afterEach(() => bench.close())

  const at = (name: string) => join(bench.folder, name)
  const enrol = async (path: string, ...more: string[]) => {
    const ran = await bench.run('enrol', at(path), '--gallery', 'watch', '--json', ...more)
    return { ...ran, report: ran.out === '' ? null : (JSON.parse(ran.out) as EnrolReport) }
  }
  const identify = (...args: string[]) => bench.run('identify', ...args, '--gallery', 'watch')

  /** Faces of anna at 0° and ben at 90°, and a right index finger of each. */
  async function enrolTwo(): Promise<void> {
    for (const [name, angle] of [
      ['anna', 0],
      ['ben', 90],
    ] as const) {
      await bench.put(`list/${name}/1.jpg`, aFace(angle))
      await bench.put(`list/${name}/right-index.fmr`, aFingerRecord(name, 1, 'right-index'))
    }
    expect((await enrol('list')).report?.counts).to.include({ enrolled: 4, refused: 0, failed: 0 })
    await bench.put('probe.jpg', aFace(10))
    await bench.put('probe.fmr', aFingerRecord('anna', 2, 'right-index'))
  }

  it('enrols faces and fingers of a folder, once, and shows them', async () => {
    await enrolTwo()
    expect((await enrol('list')).report?.counts).to.include({ enrolled: 0, 'already-there': 4 })
    const { out } = await bench.run('subject', 'show', 'anna')
    expect(out).to.match(/img-\w+ .* 1\.jpg +│ face +│ 80/)
    expect(out).to.match(/fgr-\w+ .* right-index\.fmr +│ right-index +│ 80/)
  })

  it('enrols a list with a column for the finger, and says what it refuses and what it cannot read', async () => {
    await bench.put('a.bin', aFingerRecord('anna', 1)) // the template says no finger
    await bench.put('wrong.fmr', aFingerRecord('anna', 1, 'left-thumb'))
    await bench.put('few.fmr', aFingerRecord('few', 1, 'left-thumb').subarray(0, 24)) // cut after its header
    await bench.put('list.csv', 'subject_id,image,finger\na,a.bin,right-index\nb,wrong.fmr,right-index\nc,few.fmr,\n')
    const { code, report } = await enrol('list.csv')
    expect(code).to.equal(1)
    const problems = report?.problems.map(({ subjectId, outcome, reason }) => [subjectId, outcome, reason])
    expect(problems).to.have.deep.members([
      ['b', 'failed', 'INVALID_ARGUMENT'],
      ['c', 'failed', 'PARSE_ERROR'],
    ])
    expect((await bench.run('subject', 'show', 'a')).out).to.match(/a\.bin +│ right-index/)
  })

  it('enrols images of fingers with a resolution, and refuses one without a finger', async () => {
    await bench.put('print.png', await pngOf(drawPrint({ minutiae: MINUTIAE })))
    await bench.put('blank.png', await pngOf(drawPrint({ discShare: 0 })))
    const found = await enrol('print.png', '--subject', 'a', '--finger', 'left-thumb', '--dpi', '500')
    expect(found.report?.problems).to.deep.equal([])
    expect((await bench.run('subject', 'show', 'a')).out).to.match(/print\.png +│ left-thumb/)
    const blank = await enrol('blank.png', '--subject', 'b', '--finger', 'left-thumb', '--dpi', '500')
    expect(blank.code).to.equal(2)
    expect(blank.report?.problems[0]).to.include({ outcome: 'refused', reason: 'NO_FINGER' })
  })

  it('enrols a finger anew that was enrolled as another one or at another resolution', () => {
    const bytes = new Uint8Array([1])
    const idOf = (position: 'left-ring' | 'unknown', resolutionDpi: number | null) =>
      fingerEncounterIdOf('a', bytes, { position, resolutionDpi })
    const ids = [idOf('left-ring', null), idOf('unknown', null), idOf('unknown', 500), idOf('unknown', 1000)]
    expect(new Set(ids)).to.have.property('size', 4)
    expect(idOf('unknown', 500)).to.equal(ids[2])
  })

  it('identifies by a finger alone: scale of the threshold, part of the score, evidence of the part', async () => {
    await enrolTwo()
    const { code, out, err } = await identify('--finger', at('probe.fmr'))
    expect({ code, err }).to.deep.equal({ code: 0, err: '' })
    expect(out).to.match(/^Outcome {3}refer for review/)
    expect(out).to.match(/│ parts +│/)
    const [, whole, part] = /1 +│ (\d+\.\d+) +│ \S+ +│ anna .*│ right-index (\d+\.\d)/.exec(out) ?? []
    expect(Number(whole).toFixed(1)).to.equal(part) // the only part is the whole
    expect(out).to.not.include('ben')
    expect(out).to.match(/Finger {4}right-index: \d+ minutiae, quality 80 of 100 \(iso-19794-2-2005\)/)
    expect(out).to.match(/Threshold 3\.00, -log10 of the false match rate \(false match rate 0\.001 per comparison/)
    expect(out).to.include('Part      right-index: 2 comparisons, covering 2 references (exhaustive)')
  })

  it('identifies by face and finger together: the fused score of both parts', async () => {
    await enrolTwo()
    const { out } = await identify(at('probe.jpg'), '--finger', at('probe.fmr'), '--json')
    const { candidates, threshold } = JSON.parse(out) as IdentifyResponse__Output
    expect(threshold).to.include({ scale: '-log10(fmr)', score: 3 })
    const parts = candidates[0]?.scores.map(({ part }) => part)
    expect([candidates[0]?.subjectId, parts]).to.deep.equal(['anna', ['face', 'right-index']])
    const levels = candidates[0]?.scores.map(({ negLog10Fmr }) => negLog10Fmr) ?? []
    expect(levels[0]).to.be.closeTo(3 + (Math.cos(Math.PI / 18) - 0.5) / 0.3, 1e-4) // a decade for each 0.3 from 0.5
    expect(candidates[0]?.score).to.be.closeTo(fuse(levels), 1e-6)
    const printed = (await identify(at('probe.jpg'), '--finger', at('probe.fmr'))).out
    expect(printed).to.match(/anna .*│ face 0\.98 · right-index \d+\.\d/)
  })

  it('says of a part that cannot be used that it was not searched, and why', async () => {
    await enrolTwo()
    await bench.put('nobody.jpg', anImageOf())
    const { code, out } = await identify(at('nobody.jpg'), '--finger', at('probe.fmr'))
    expect(code).to.equal(0)
    expect(out).to.match(/Part {6}face: NOT searched, .*\n {10}No face was found\./)
    await bench.put('blank.png', await pngOf(drawPrint({ discShare: 0 })))
    const neither = await identify(at('nobody.jpg'), '--finger', `${at('blank.png')}=left-ring`, '--dpi', '500')
    expect(neither.code).to.equal(2)
    expect(neither.out).to.match(/^Outcome {3}INCONCLUSIVE/)
  })

  it('compares only the same finger: of the name after =, else of the file’s name, else of the template', async () => {
    await enrolTwo()
    await bench.put('unsaid.fmr', aFingerRecord('anna', 2))
    await bench.put('left-index_7.fmr', aFingerRecord('anna', 2))
    const partsOf = async (finger: string) => {
      const { out } = await identify('--finger', finger, '--json')
      const { candidates, evidence } = JSON.parse(out) as IdentifyResponse__Output
      return [evidence?.parts[0]?.part, candidates.map(({ subjectId }) => subjectId)]
    }
    expect(await partsOf(at('unsaid.fmr'))).to.deep.equal(['unknown', ['anna']])
    expect(await partsOf(`${at('unsaid.fmr')}=right-index`)).to.deep.equal(['right-index', ['anna']])
    expect(await partsOf(`${at('unsaid.fmr')}=left-index`)).to.deep.equal(['left-index', []])
    expect(await partsOf(at('left-index_7.fmr'))).to.deep.equal(['left-index', []])
    const contradicts = await identify('--finger', `${at('probe.fmr')}=left-index`, '--json')
    expect(failureOf(contradicts)).to.include({ reason: 'INVALID_ARGUMENT' })
  })

  it('verifies fingers, with and without faces, and against a subject', async () => {
    await enrolTwo()
    const same = await bench.run('verify', '--finger', at('probe.fmr'), '--subject', 'anna')
    expect(same.code).to.equal(0)
    expect(same.out).to.match(/^Decision {2}match/)
    const [, whole, part] = /Score {5}(\d+\.\d+)\nParts {5}right-index (\d+\.\d)/.exec(same.out) ?? []
    expect(Number(whole).toFixed(1)).to.equal(part)
    const reference = at('list/ben/right-index.fmr')
    const other = await bench.run('verify', '--finger', at('probe.fmr'), '--reference-finger', reference, '--json')
    expect(JSON.parse(other.out)).to.include({ decision: 'NON_MATCH' })
    const sides = [at('probe.jpg'), at('list/anna/1.jpg'), '--finger', at('probe.fmr')]
    const both = await bench.run('verify', ...sides, '--reference-finger', at('list/anna/right-index.fmr'), '--json')
    const { decision, scores } = JSON.parse(both.out) as VerifyResponse__Output
    expect([decision, scores.map(({ part }) => part)]).to.deep.equal(['MATCH', ['face', 'right-index']])
    const wrong = await bench.run('verify', at('probe.jpg'), '--finger', at('probe.fmr'), '--subject', 'ben')
    expect(wrong.out)
      .to.match(/^Decision {2}non-match/)
      .and.match(/Parts {5}face 0\.17 · right-index \d\.\d\n/) // cos 80°
  })

  it('calls sides with nothing in common undetermined', async () => {
    await bench.put('a.fmr', aFingerRecord('anna', 1, 'right-index'))
    await bench.put('b.fmr', aFingerRecord('anna', 2, 'left-index'))
    const { code, out } = await bench.run('verify', '--finger', at('a.fmr'), '--reference-finger', at('b.fmr'))
    expect(code).to.equal(2)
    expect(out).to.match(/^Decision {2}UNDETERMINED: the two sides have nothing usable in common/)
  })

  it('takes a threshold on the scale of what is searched, and refuses one of the other', async () => {
    await enrolTwo()
    const fieldOf = async (...args: string[]) => failureOf(await identify(...args, '--json')).field
    expect(await fieldOf('--finger', at('probe.fmr'), '--threshold', '-0.5')).to.equal('--threshold')
    expect(await fieldOf(at('probe.jpg'), '--threshold', '4')).to.equal('--threshold')
    const all = await identify('--finger', at('probe.fmr'), '--threshold', '0')
    expect(all.out).to.include('anna').and.include('ben')
    const none = await identify('--finger', at('probe.fmr'), '--threshold', '100')
    expect(none.out).to.match(/^Outcome {3}no candidate/)
    expect(none.out).to.include('set by this request')
  })

  it('reads past what real records get wrong only when asked to', async () => {
    await enrolTwo()
    await bench.put('long.fmr', Buffer.concat([aFingerRecord('anna', 2, 'right-index'), Buffer.from('tail')]))
    expect(failureOf(await identify('--finger', at('long.fmr'), '--json')).reason).to.equal('PARSE_ERROR')
    expect((await identify('--finger', at('long.fmr'), '--lenient')).out).to.include('anna')
  })

  it('wants a probe, a finger that there is, and a file', async () => {
    expect((await identify()).err).to.equal('error: give a face image, --finger, or both\n')
    expect((await identify('--finger', 'x.fmr=index')).err).to.match(/After = it must be one of unknown, right-thumb/)
    expect((await identify('--finger', at('absent.fmr'))).err).to.equal(
      'error: the fingerprint cannot be read (ENOENT)\n',
    )
  })
})
