import { expect } from 'chai'
import { FINGER_FORMATS, type FingerFormat } from '../../../../src/domain/finger.js'
import { detectFormat } from '../../../../src/engines/finger/formats/detect.js'
import { readFingerRecord } from '../../../../src/engines/finger/formats/read.js'
import { expectedView, FRAME, OWN_RECORDS, patched, VIEW } from '../../../support/finger/own-records.js'
import { thrownBy } from '../../../support/finger/thrown-by.js'

const HEADED: readonly FingerFormat[] = FINGER_FORMATS.slice(0, 5)

// Goal: every format is read to the same meaning. Method: records written by hand that hold the same two minutiae.
describe('readFingerRecord()', () => {
  for (const format of FINGER_FORMATS)
    it(`reads ${format}`, () => {
      const record = readFingerRecord(OWN_RECORDS[format], { format, frame: FRAME })
      expect(record.format).to.equal(format)
      expect(record.warnings).to.deep.equal([])
      expectCloseTo(record.views, [expectedView(format)])
    })

  for (const format of HEADED)
    it(`tells ${format} by its header`, () => {
      expect(detectFormat(OWN_RECORDS[format])).to.equal(format)
      expect(readFingerRecord(OWN_RECORDS[format]).format).to.equal(format)
    })

  it('never guesses card formats and xyt', () => {
    for (const format of ['iso-card-normal', 'iso-card-compact', 'xyt'] as const) {
      const error = thrownBy(() => readFingerRecord(OWN_RECORDS[format], { frame: FRAME }))
      expect(error.code).to.equal('FORMAT_UNSUPPORTED')
      expect(error.expected).to.equal('a minutiae record that begins with "FMR", or a named format')
    }
  })

  it('asks for the frame that card formats and xyt lack, and checks it', () => {
    for (const format of ['iso-card-normal', 'iso-card-compact', 'xyt'] as const) {
      const read = (frame?: typeof FRAME) => () =>
        readFingerRecord(OWN_RECORDS[format], frame === undefined ? { format } : { format, frame })
      expect(thrownBy(read())).to.include({ code: 'INVALID_ARGUMENT', field: 'frame' })
      expect(thrownBy(read({ ...FRAME, widthPx: 0 })).field).to.equal('frame.width_px')
      expect(thrownBy(read({ ...FRAME, heightPx: 65536 })).field).to.equal('frame.height_px')
      expect(thrownBy(read({ ...FRAME, resolutionPpcm: 98 })).field).to.equal('frame.resolution_ppcm')
    }
  })

  it('names what other records are', () => {
    const gotOf = (magic: string) =>
      thrownBy(() => readFingerRecord(Buffer.from(`${magic}\0 020\0 and more`, 'latin1')))
    expect(gotOf('FIR').code).to.equal('FORMAT_UNSUPPORTED')
    expect(gotOf('FIR').got).to.equal(
      'a finger image record (ISO/IEC 19794-4, ANSI INCITS 381): extract a template from it first',
    )
    expect(gotOf('IIR').got).to.match(/^an iris image record/)
    expect(gotOf('FAC').got).to.match(/^a face image record/)
    const unknownVersion = patched(OWN_RECORDS['iso-19794-2-2005'], 4, 0x39)
    expect(thrownBy(() => readFingerRecord(unknownVersion)).code).to.equal('FORMAT_UNSUPPORTED')
  })

  it('does not take one standard for the other when the caller names the wrong one', () => {
    for (const [held, named] of [
      ['iso-19794-2-2005', 'ansi-378-2004'],
      ['ansi-378-2004', 'iso-19794-2-2005'],
      ['iso-19794-2-2011', 'ansi-378-2009'],
      ['ansi-378-2009', 'iso-19794-2-2011'],
      ['ansi-378-2009', 'ansi-378-2009-am1'],
      ['iso-19794-2-2005', 'iso-19794-2-2011'],
    ] as const)
      expect(
        thrownBy(() => readFingerRecord(OWN_RECORDS[held], { format: named })).code,
        `${held} as ${named}`,
      ).to.be.oneOf(['PARSE_ERROR', 'FORMAT_UNSUPPORTED', 'LIMIT_EXCEEDED'])
  })

  it('reads the long form of an ANSI 378-2004 length: 0 and then four bytes', () => {
    const [head, tail] = [OWN_RECORDS['ansi-378-2004'].subarray(0, 8), OWN_RECORDS['ansi-378-2004'].subarray(10)]
    const long = Uint8Array.from([...head, 0, 0, 0, 0, 0, 48, ...tail])
    expect(detectFormat(long)).to.equal('ansi-378-2004') // the upper half of its length is below 24
    expectCloseTo(readFingerRecord(long).views, [VIEW])
  })

  it('reads minutiae of 5 bytes in ISO/IEC 19794-2:2011, and passes over certificates', () => {
    const bytes = [...OWN_RECORDS['iso-19794-2-2011']]
    bytes.splice(bytes.length - 3, 1) // the quality of the second minutia
    bytes.splice(bytes.length - 8, 1) // and of the first
    bytes[50] = 0x50 // their size
    bytes.splice(39, 0, 1, 0xaa, 0xbb, 0xcc) // one certificate, after the quality block
    bytes[14] = 1 // which the header announces
    bytes[11] = 0x42 + 2
    bytes[18] = 0x33 + 2
    const { views } = readFingerRecord(Uint8Array.from(bytes))
    expectCloseTo(views, [{ ...VIEW, minutiae: VIEW.minutiae.map((minutia) => ({ ...minutia, quality: null })) }])
  })

  it('accepts a view without minutiae, and one with a single one', () => {
    const bytes = OWN_RECORDS['iso-19794-2-2005']
    const none = Uint8Array.from([...patched(bytes.subarray(0, 28), 11, 30), 0, 0])
    none[27] = 0
    expect(readFingerRecord(none).views[0]?.minutiae).to.deep.equal([])
    const one = Uint8Array.from([...patched(bytes.subarray(0, 34), 11, 36), 0, 0])
    one[27] = 1
    expectCloseTo(readFingerRecord(one).views, [{ ...VIEW, minutiae: VIEW.minutiae.slice(0, 1) }])
    expect(readFingerRecord(Buffer.from('\n'), { format: 'xyt', frame: FRAME }).views[0]?.minutiae).to.deep.equal([])
  })

  it('keeps minutiae that are given twice: dropping them is up to whoever compares', () => {
    const bytes = patched(OWN_RECORDS['iso-19794-2-2005'], 34, ...OWN_RECORDS['iso-19794-2-2005'].subarray(28, 34))
    expectCloseTo(readFingerRecord(bytes).views, [{ ...VIEW, minutiae: [VIEW.minutiae[0]!, VIEW.minutiae[0]!] }])
  })

  it('reads rows of xyt with three columns, tabs, carriage returns and no end of line', () => {
    const text = Buffer.from('  100\t450 270\r\n101 449 90')
    const { views, warnings } = readFingerRecord(text, { format: 'xyt', frame: FRAME })
    expect(warnings).to.deep.equal([])
    expectCloseTo(views, [
      {
        ...expectedView('xyt'),
        minutiae: expectedView('xyt').minutiae.map((minutia) => ({ ...minutia, quality: null })),
      },
    ])
  })
})

/** Equal but for the last bits of angles, which come from other multiplications. */
function expectCloseTo(views: readonly unknown[], expected: readonly unknown[]): void {
  const rounded = (value: unknown) =>
    JSON.stringify(value, (_, each: unknown) => (typeof each === 'number' ? Number(each.toFixed(9)) : each))
  expect(JSON.parse(rounded(views))).to.deep.equal(JSON.parse(rounded(expected)))
}
