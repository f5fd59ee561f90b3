import { expect } from 'chai'
import fc from 'fast-check'
import { FINGER_POSITIONS, MINUTIA_TYPES, type FingerView } from '../../../../src/domain/finger.js'
import { lossesOf } from '../../../../src/engines/finger/formats/losses.js'
import { readFingerRecord } from '../../../../src/engines/finger/formats/read.js'
import { writeFingerRecord } from '../../../../src/engines/finger/formats/write.js'
import { FRAME, MINUTIAE, OWN_RECORDS, VIEW } from '../../../support/finger/own-records.js'
import { thrownBy } from '../../../support/finger/thrown-by.js'

const STEPS = { 'iso-19794-2-2005': 256, 'ansi-378-2004': 180 } as const
type Target = keyof typeof STEPS

/** Records of 1 to 6 views that a format holds without loss: its own angles, whole pixels, one image for all. */
function records(stepCount: number): fc.Arbitrary<{ readonly views: readonly FingerView[] }> {
  const side = fc.integer({ min: 1, max: 0x3fff })
  const ppcm = fc.integer({ min: 99, max: 0xffff })
  return fc.record({ widthPx: side, heightPx: side, x: ppcm, y: ppcm }).chain(({ widthPx, heightPx, x, y }) => {
    const minutia = fc.record({
      type: fc.constantFrom(...MINUTIA_TYPES),
      xPx: fc.integer({ min: 0, max: widthPx - 1 }),
      yPx: fc.integer({ min: 0, max: heightPx - 1 }),
      angleRad: fc.integer({ min: 0, max: stepCount - 1 }).map((code) => code * ((2 * Math.PI) / stepCount)),
      quality: fc.option(fc.integer({ min: 1, max: 100 })),
    })
    const view = fc.record({
      position: fc.constantFrom(...FINGER_POSITIONS),
      viewNumber: fc.integer({ min: 0, max: 15 }),
      impression: fc.integer({ min: 0, max: 15 }),
      quality: fc.integer({ min: 0, max: 100 }),
      widthPx: fc.constant(widthPx),
      heightPx: fc.constant(heightPx),
      resolutionXPpcm: fc.constant(x),
      resolutionYPpcm: fc.constant(y),
      minutiae: fc.array(minutia, { maxLength: 255 }),
    })
    const name = ({ position, viewNumber }: Pick<FingerView, 'position' | 'viewNumber'>) => `${position} ${viewNumber}`
    return fc.record({ views: fc.uniqueArray(view, { minLength: 1, maxLength: 6, selector: name }) })
  })
}

// Goal: what is written reads back as it was. Method: properties over records at random, seeded, and own bytes.
describe('writeFingerRecord()', () => {
  for (const [format, stepCount] of Object.entries(STEPS) as [Target, number][])
    it(`writes ${format} that strictly reads back as it was`, () => {
      fc.assert(
        fc.property(records(stepCount), (record) => {
          expect(lossesOf(record, format)).to.deep.equal([])
          const back = readFingerRecord(writeFingerRecord(record, format))
          expect(back).to.deep.equal({ format, views: record.views, warnings: [] })
        }),
        { seed: 20_263, numRuns: 100 },
      )
    })

  it('writes the own records byte for byte', () => {
    for (const format of ['iso-19794-2-2005', 'ansi-378-2004'] as const)
      expect([...writeFingerRecord({ views: [VIEW] }, format)]).to.deep.equal([...OWN_RECORDS[format]])
    expect([...writeFingerRecord({ views: [VIEW] }, 'xyt')]).to.deep.equal([...OWN_RECORDS.xyt])
  })

  it('brings ISO records through xyt and back: degrees are finer than its angles', () => {
    fc.assert(
      fc.property(records(256), ({ views: [view] }) => {
        const iso = writeFingerRecord({ views: [view!] }, 'iso-19794-2-2005')
        const xyt = writeFingerRecord(readFingerRecord(iso), 'xyt')
        if (view!.minutiae.length === 0) return // an empty text, which is no template
        const { widthPx, heightPx } = view!
        const frame = { widthPx, heightPx, resolutionPpcm: 197 }
        const back = readFingerRecord(xyt, { format: 'xyt', frame })
        const again = readFingerRecord(writeFingerRecord(back, 'iso-19794-2-2005')).views[0]
        expect(again?.minutiae).to.deep.equal(view!.minutiae.map((minutia) => ({ ...minutia, type: 'other' })))
      }),
      { seed: 1, numRuns: 100 },
    )
  })

  it('brings xyt through ISO and back within half a step of 1.40625°', () => {
    for (let degrees = 0; degrees < 360; degrees++) {
      const options = { format: 'xyt', frame: FRAME } as const
      const read = readFingerRecord(Buffer.from(`10 20 ${degrees}\n`), options)
      const iso = readFingerRecord(writeFingerRecord(read, 'iso-19794-2-2005'))
      const [, , back] = Buffer.from(writeFingerRecord(iso, 'xyt')).toString().trim().split(' ').map(Number)
      const off = Math.abs(((back! - degrees + 540) % 360) - 180)
      expect(off, `${degrees}°`).to.be.at.most(1) // 0.703° and the rounding to whole degrees
    }
  })

  it('writes the long form of an ANSI length beyond 65,535 bytes', () => {
    const minutiae = Array.from({ length: 255 }, () => MINUTIAE[0])
    const views = FINGER_POSITIONS.flatMap((position) =>
      [0, 1, 2, 3, 4].map((viewNumber) => ({ ...VIEW, position, viewNumber, minutiae })),
    )
    const bytes = writeFingerRecord({ views }, 'ansi-378-2004')
    expect(bytes.length).to.equal(30 + 55 * (4 + 255 * 6 + 2))
    expect(readFingerRecord(bytes).views).to.deep.equal(views)
  })

  it('refuses what does not fit, naming the view', () => {
    const fieldOf = (views: readonly FingerView[], format: Target | 'xyt' = 'iso-19794-2-2005') => {
      const error = thrownBy(() => writeFingerRecord({ views }, format))
      expect(error.code).to.equal('INVALID_ARGUMENT')
      return error.field
    }
    const [ending] = MINUTIAE
    const wide = { ...VIEW, widthPx: 0xffff, heightPx: 0xffff }
    expect(fieldOf([])).to.equal('views')
    expect(fieldOf([VIEW, VIEW])).to.equal('views')
    expect(fieldOf([VIEW, { ...VIEW, viewNumber: 2, widthPx: 401 }])).to.equal('views[1]')
    expect(fieldOf([VIEW, { ...VIEW, viewNumber: 2, resolutionYPpcm: 198 }])).to.equal('views[1]')
    expect(fieldOf([{ ...VIEW, viewNumber: 16 }])).to.equal('views[0].view_number')
    expect(fieldOf([{ ...VIEW, impression: 16 }])).to.equal('views[0].impression')
    expect(fieldOf([{ ...VIEW, resolutionXPpcm: 98 }])).to.equal('views[0].resolution_x_ppcm')
    expect(fieldOf([{ ...wide, minutiae: [{ ...ending, xPx: 0x4000 }] }])).to.equal('views[0].minutiae')
    expect(fieldOf([{ ...VIEW, minutiae: [{ ...ending, xPx: 400 }] }])).to.equal('views[0].minutiae')
    expect(fieldOf([{ ...VIEW, minutiae: [{ ...ending, yPx: -1 }] }])).to.equal('views[0].minutiae')
    expect(fieldOf([{ ...VIEW, minutiae: [{ ...ending, angleRad: NaN }] }])).to.equal('views[0].minutiae')
    expect(fieldOf([{ ...VIEW, minutiae: Array.from({ length: 256 }, () => ending) }])).to.equal('views[0].minutiae')
    expect(fieldOf([VIEW, { ...VIEW, viewNumber: 2 }], 'xyt')).to.equal('views')
    expect(thrownBy(() => writeFingerRecord({ views: [VIEW] }, 'iso-19794-2-2011')).code).to.equal('FORMAT_UNSUPPORTED')
  })

  it('says what a format loses', () => {
    const odd = { ...VIEW, quality: null, minutiae: [{ ...MINUTIAE[0], xPx: 1.5, angleRad: 0.01 }] }
    expect(lossesOf({ views: [odd] }, 'ansi-378-2004')).to.deep.equal([
      'quality of views: "not reported" is written as 0',
      'positions are rounded to whole pixels',
      'directions are rounded to 2°',
    ])
    expect(lossesOf({ views: [VIEW] }, 'xyt')).to.deep.equal([
      'finger, impression and quality of the view, size and resolution of the image are left out',
      'types of minutiae are left out',
    ])
    const rounded = readFingerRecord(writeFingerRecord({ views: [odd] }, 'ansi-378-2004')).views[0]
    expect(rounded).to.deep.equal({ ...odd, quality: 0, minutiae: [{ ...MINUTIAE[0], xPx: 2, angleRad: 0 }] })
  })

  it('does not round a position out of the image', () => {
    const edge = { ...VIEW, minutiae: [{ ...MINUTIAE[0], xPx: 399.7, yPx: 499.9 }] }
    const [minutia] = readFingerRecord(writeFingerRecord({ views: [edge] }, 'iso-19794-2-2005')).views[0]!.minutiae
    expect(minutia).to.include({ xPx: 399, yPx: 499 })
    expect(Buffer.from(writeFingerRecord({ views: [edge] }, 'xyt')).toString()).to.equal('399 1 270 90\n')
  })
})
