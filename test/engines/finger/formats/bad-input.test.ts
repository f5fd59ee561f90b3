import { expect } from 'chai'
import { DomainError } from '../../../../src/domain/errors.js'
import { FINGER_FORMATS, type FingerFormat } from '../../../../src/domain/finger.js'
import { readFingerRecord } from '../../../../src/engines/finger/formats/read.js'
import { FRAME, hex, OWN_RECORDS, patched } from '../../../support/finger/own-records.js'
import { outcomeOf, thrownBy } from '../../../support/finger/thrown-by.js'
import { expectValid } from '../../../support/finger/valid-record.js'

const ISO = OWN_RECORDS['iso-19794-2-2005']
const ANSI = OWN_RECORDS['ansi-378-2004']
const ANSI_2009 = OWN_RECORDS['ansi-378-2009']
const ISO_2011 = OWN_RECORDS['iso-19794-2-2011']
const strict = (bytes: Uint8Array, format?: FingerFormat) =>
  readFingerRecord(bytes, format === undefined ? {} : { format, frame: FRAME })
const lenient = (bytes: Uint8Array, format?: FingerFormat) =>
  readFingerRecord(bytes, { mode: 'lenient', frame: FRAME, ...(format === undefined ? {} : { format }) })

// Goal: whatever is wrong is named, by field and byte. Method: own records with one thing spoilt; offsets from their
// hex above in own-records.ts: in ISO/IEC 19794-2:2005 the first view begins at byte 24, its minutiae at 28 and 34.
describe('readFingerRecord() of bad input', () => {
  /** What a strict reading says, and the warning of a lenient one; null when it refuses too. */
  const quirks: readonly [
    name: string,
    bytes: Uint8Array,
    strict: string,
    lenient: string | null,
    format?: FingerFormat,
  ][] = [
    [
      'a length over the buffer',
      patched(ISO, 11, 43),
      'record length at byte 8 to be at most the 42 bytes given',
      'ignored',
    ],
    [
      'a length under the end',
      patched(ISO, 11, 41),
      'record length at byte 8 to be 42, where the last view ends',
      'ignored',
    ],
    ['trailing bytes', hex(`${Buffer.from(ISO).toString('hex')} 00`), 'end of the record at byte 42', '1 more'],
    ['horizontal resolution 0', patched(ISO, 18, 0, 0), 'horizontal resolution at byte 18', null],
    ['vertical resolution 98', patched(ISO, 20, 0, 98), 'vertical resolution at byte 20', 'kept'],
    ['width 0', patched(ISO, 14, 0, 0), 'image width at byte 14', null],
    ['no views', patched(ISO, 22, 0), 'number of views at byte 22', null],
    ['position 11', patched(ISO, 24, 11), 'view 1 position at byte 24 to be 0 to 10', 'read as unknown'],
    ['quality of a view 101', patched(ISO, 26, 101), 'view 1 quality at byte 26 to be 0 to 100', 'not reported'],
    ['a count over the bytes', patched(ISO, 27, 255), 'view 1 minutiae at byte 28 to be 1530 bytes', null],
    ['type 3', patched(ISO, 28, 0xc0), 'view 1 minutia 1 type at byte 28 to be 0, 1 or 2', 'read as other'],
    ['x at the width', patched(ISO, 28, 0x41, 0x90), 'view 1 minutia 1 position at byte 28', 'kept'],
    ['y at the height', patched(ISO, 30, 0x01, 0xf4), 'view 1 minutia 1 position at byte 28', 'kept'],
    ['reserved bits', patched(ISO, 30, 0x40), 'view 1 minutia 1 reserved bits at byte 30', 'ignored'],
    ['quality of a minutia 101', patched(ISO, 33, 101), 'view 1 minutia 1 quality at byte 33', 'not reported'],
    ['a wrong extension length', patched(ISO, 41, 1), 'view 1 extension length at byte 40', 'passed over'],
    ['an ANSI angle of 180', patched(ANSI, 34, 180), 'view 1 minutia 1 angle at byte 34 to be at most 179', '360°/256'],
    ['an ANSI 2009 angle of 180', patched(ANSI_2009, 42, 180), 'view 1 minutia 1 angle at byte 42', '360°/256'],
    ['view number 16', patched(ANSI_2009, 22, 16), 'view 1 number at byte 22 to be 0 to 15', null],
    [
      'an ANSI 2009 quality of 253',
      patched(ANSI_2009, 24, 253),
      'view 1 quality at byte 24 to be 0 to 100, 254 or 255',
      'not',
    ],
    [
      'a minutia of 7 bytes',
      patched(ISO_2011, 50, 0x70),
      'view 1 size of a minutia at byte 50 to be 5 or 6 bytes',
      null,
    ],
    ['a view longer than its content', longView(), 'view 1 length at byte 15', '1 bytes more'],
    [
      'a part of a minutia',
      hex('43e8 01f4 40 83'),
      'end at byte 5 to be a whole minutia of 5',
      'ignored',
      'iso-card-normal',
    ],
    ['card type 3', hex('64 32 d0'), 'minutia 1 type at byte 2', 'other', 'iso-card-compact'],
    ['a card outside', hex('4fa0 01f4 40'), 'minutia 1 position at byte 0', 'kept', 'iso-card-normal'],
    ['words in xyt', Buffer.from('1 2 3\nx y z\n'), 'line 2 at byte 6 to be 3 or 4 whole numbers', null, 'xyt'],
    ['five columns of xyt', Buffer.from('1 2 3 4 5\n'), 'line 1 at byte 0', null, 'xyt'],
    ['an xyt angle of 360', Buffer.from('1 2 360\n'), 'line 1 angle at byte 0 to be 0 to 359', 'taken off', 'xyt'],
    ['an xyt quality of 101', Buffer.from('1 2 3 101\n'), 'line 1 quality at byte 0', 'not reported', 'xyt'],
    ['an xyt above the image', Buffer.from('1 501 3\n'), 'line 1 position at byte 0', 'kept', 'xyt'],
  ]
  for (const [name, bytes, said, warned, format] of quirks)
    it(`${warned === null ? 'refuses' : 'refuses when strict and lets pass when lenient'} ${name}`, () => {
      const error = thrownBy(() => strict(bytes, format))
      expect(error.code).to.equal('PARSE_ERROR')
      expect(error.message).to.include(said)
      if (warned === null) {
        expect(thrownBy(() => lenient(bytes, format)).code).to.equal('PARSE_ERROR')
        return
      }
      const record = lenient(bytes, format)
      expect(record.warnings).to.have.length(1)
      expect(record.warnings[0]).to.include(said.split(' to be ')[0]).and.include(warned)
      expectValid(record, bytes.length)
    })

  it('reads all angles of an ANSI record in the unit of ISO when one gives it away', () => {
    const record = lenient(patched(ANSI, 34, 0x40, 90, 0x80, 101, 0, 51, 0xc0)) // 64 and 192 of 256
    expect(record.views[0]?.minutiae.map(({ angleRad }) => (angleRad * 180) / Math.PI)).to.deep.equal([90, 270])
  })

  it('refuses two views of one finger and number when strict', () => {
    const view = ISO.subarray(24)
    const twice = patched(Uint8Array.from([...ISO, ...view]), 11, 42 + view.length)
    twice[22] = 2
    expect(thrownBy(() => strict(twice)).message).to.include('two alike')
    expect(lenient(twice).views).to.have.length(2)
    expect(strict(patched(twice, 24 + view.length, 3)).views.map(({ position }) => position)).to.deep.equal([
      'right-index',
      'right-middle',
    ])
  })

  it('knows what extension lengths count: the data alone in ISO 2005, the header too in the others', () => {
    const extended = (bytes: Uint8Array, length: number) =>
      Uint8Array.from([...bytes.subarray(0, -2), 0, 6, 0x02, 0x21, 0, length, 0xaa, 0xbb])
    const iso = (length: number) => patched(extended(ISO, length), 11, 48)
    const ansi = (length: number) => patched(extended(ANSI, length), 9, 50)
    expect(strict(iso(2)).views).to.have.length(1)
    expect(strict(ansi(6)).views).to.have.length(1)
    expect(thrownBy(() => strict(iso(6))).message).to.include('view 1 extension length at byte 40')
    expect(thrownBy(() => strict(ansi(2))).message).to.include('view 1 extension length at byte 42')
    expect(lenient(iso(6)).warnings).to.have.length(1)
  })

  it('refuses more than its limits before it allocates', () => {
    const code = (bytes: Uint8Array, format?: FingerFormat) => thrownBy(() => strict(bytes, format)).code
    expect(code(new Uint8Array(1024 * 1024 + 1))).to.equal('LIMIT_EXCEEDED')
    expect(code(patched(ISO_2011, 12, 0x01, 0x00), 'iso-19794-2-2011')).to.equal('LIMIT_EXCEEDED') // 256 views
    expect(code(new Uint8Array(256 * 3), 'iso-card-compact')).to.equal('LIMIT_EXCEEDED')
    expect(strict(new Uint8Array(255 * 3), 'iso-card-compact').views[0]?.minutiae).to.have.length(255)
    expect(code(Buffer.from('1 2 3\n'.repeat(1001)), 'xyt')).to.equal('LIMIT_EXCEEDED')
    expect(strict(Buffer.from('1 2 3\n'.repeat(1000)), 'xyt').views[0]?.minutiae).to.have.length(1000)
    expect(code(new Uint8Array(64_001), 'xyt')).to.equal('LIMIT_EXCEEDED')
    expect(code(new Uint8Array(0))).to.equal('FORMAT_UNSUPPORTED')
  })

  it('never says where a minutia is: the words are the same wherever outside it lies', () => {
    const messages = (x: number, y: number) => {
      const bytes = patched(ISO, 28, 0x40 | (x >> 8), x & 0xff, y >> 8, y & 0xff)
      return [thrownBy(() => strict(bytes)).message, ...lenient(bytes).warnings]
    }
    expect(messages(401, 50)).to.deep.equal(messages(9_876, 5_432))
    const row = (text: string) => thrownBy(() => strict(Buffer.from(text), 'xyt')).message
    expect(row('400 450 270\n')).to.equal(row('9876 450 123\n'))
  })

  it('keeps 32 warnings of a rotten record', () => {
    const record = lenient(Buffer.from('1 2 400\n'.repeat(100)), 'xyt')
    expect(record.warnings).to.have.length(32)
    expect(record.warnings[31]).to.equal('further warnings are left out')
  })

  for (const format of FINGER_FORMATS.slice(0, 5))
    it(`refuses ${format} cut at every byte`, () => {
      const bytes = OWN_RECORDS[format]
      for (let length = 0; length < bytes.length; length++) {
        const error = thrownBy(() => strict(bytes.subarray(0, length)))
        expect(error.code, `${length} bytes`).to.be.oneOf(['PARSE_ERROR', 'FORMAT_UNSUPPORTED'])
        if (length >= 12) expect(error.message, `${length} bytes`).to.match(/ at byte \d+ /)
      }
    })

  it('reads cut card formats and xyt to fewer minutiae, or refuses them: they have no length', () => {
    for (const format of FINGER_FORMATS.slice(5)) {
      const bytes = OWN_RECORDS[format]
      for (let length = 1; length < bytes.length; length++) {
        const outcome = outcomeOf(() => strict(bytes.subarray(0, length), format))
        if (outcome instanceof DomainError) expect(outcome.code).to.equal('PARSE_ERROR')
        else expectValid(outcome, length)
      }
    }
  })
})

/** ISO/IEC 19794-2:2011 with a byte after the extensions that the lengths of view (0x33) and record (0x42) count. */
function longView(): Uint8Array {
  return patched(patched(Uint8Array.from([...ISO_2011, 0]), 11, 0x43), 18, 0x34)
}
