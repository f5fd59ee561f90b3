import { expect } from 'chai'
import { DomainError } from '../../../../src/domain/errors.js'
import { FINGER_FORMATS, type FingerFormat, type FingerRecord } from '../../../../src/domain/finger.js'
import { readFingerRecord } from '../../../../src/engines/finger/formats/read.js'
import { normaliseView } from '../../../../src/engines/finger/normalise.js'
import { FRAME, OWN_RECORDS } from '../../../support/finger/own-records.js'
import { outcomeOf } from '../../../support/finger/thrown-by.js'
import { expectValid } from '../../../support/finger/valid-record.js'
import { mulberry32 } from '../../../support/random-vectors.js'

const MUTANTS_PER_FORMAT = 12_500 // × 8 formats = 100,000
/** Values that break parsers: ends of ranges, signs, digits and separators of text. */
const NASTY = [0, 1, 2, 5, 6, 15, 16, 24, 26, 0x20, 0x2d, 0x0a, 0x39, 0x7f, 0x80, 0xb4, 0xc0, 0xfe, 0xff] as const

// Goal: whatever bytes come, a reader gives a valid record or a DomainError, and looks at nothing beyond them.
// Method: 100,000 seeded mutants of own records, every second one read leniently, through a guard that throws when a
// byte past the end is asked for (text of .xyt is decoded as a whole and cannot be).
describe('readFingerRecord() of mutants', () => {
  for (const [i, format] of FINGER_FORMATS.entries())
    it(`${format}: ${MUTANTS_PER_FORMAT} of them give valid records or errors`, () => {
      const random = mulberry32(20260 + i)
      const seen = { records: 0, errors: 0 }
      for (let n = 0; n < MUTANTS_PER_FORMAT; n++) {
        const bytes = mutant(OWN_RECORDS[format], random)
        const outcome = read(format === 'xyt' ? bytes : guarded(bytes), format, n)
        if (outcome instanceof DomainError) seen.errors++
        else {
          expectValid(outcome, bytes.length)
          seen.records++
        }
      }
      // A test that refused everything, or nothing, would show little.
      expect(seen.records).to.be.greaterThan(MUTANTS_PER_FORMAT / 20)
      expect(seen.errors).to.be.greaterThan(MUTANTS_PER_FORMAT / 20)
    })

  it('reads bytes at random as any format', () => {
    const random = mulberry32(7)
    for (let n = 0; n < 2_000; n++) {
      const bytes = Uint8Array.from({ length: Math.floor(random() * 200) }, () => Math.floor(random() * 256))
      for (const format of FINGER_FORMATS) {
        const outcome = read(bytes, format, n)
        if (outcome instanceof DomainError) continue
        expectValid(outcome, bytes.length)
        for (const view of outcome.views) normaliseView(view)
      }
    }
  })
})

function read(bytes: Uint8Array, format: FingerFormat, n: number): FingerRecord | DomainError {
  const mode = n % 2 === 0 ? 'strict' : 'lenient'
  const isTold = n % 4 < 2 || FINGER_FORMATS.indexOf(format) >= 5
  return outcomeOf(() => readFingerRecord(bytes, { mode, frame: FRAME, ...(isTold ? { format } : {}) }))
}

/** One to three changes: bits, nasty bytes, a cut, bytes put in, a part doubled. */
function mutant(original: Uint8Array, random: () => number): Uint8Array {
  const whole = (count: number) => Math.floor(random() * count)
  const bytes = [...original]
  for (let changes = 1 + whole(3); changes > 0; changes--) {
    const at = whole(bytes.length)
    const kind = whole(10)
    if (kind < 4) bytes[at] = (bytes[at] ?? 0) ^ (1 << whole(8))
    else if (kind < 7) bytes[at] = NASTY[whole(NASTY.length)]!
    else if (kind === 7) bytes.splice(at + 1)
    else if (kind === 8) bytes.splice(at, 0, ...Array.from({ length: whole(8) }, () => whole(256)))
    else bytes.splice(at, 0, ...bytes.slice(at, at + whole(30)))
  }
  return Uint8Array.from(bytes)
}

/** The same bytes; to ask for one past the end is a bug of the reader, and no DomainError. */
function guarded(bytes: Uint8Array): Uint8Array {
  return new Proxy(bytes, {
    get(target, key) {
      if (typeof key === 'string' && /^\d+$/.test(key) && Number(key) >= target.length)
        throw new Error(`byte ${key} of ${target.length} was read`)
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}
