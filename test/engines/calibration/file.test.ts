import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { DomainError } from '../../../src/domain/errors.js'
import type { CalibrationContent } from '../../../src/engines/calibration/content.js'
import { CALIBRATION_BYTES_MAX, parseCalibration, writeCalibration } from '../../../src/engines/calibration/file.js'
import { thrownBy } from './support/compared.js'
import { CONTENT } from './support/content.js'

// Goal: a calibration that was damaged, or that no fit can have made, is refused. Method: a sound one with one thing changed.
const bytes = (text: string) => new TextEncoder().encode(text)

function refusalOf(text: string): string {
  const error = thrownBy(() => parseCalibration(bytes(text)))
  expect(error).to.be.instanceOf(DomainError).and.include({ code: 'PARSE_ERROR' })
  return (error as DomainError).expected
}

/** With a right checksum. */
function written(change: object): string {
  const content = { ...CONTENT, ...change }
  const sha256 = createHash('sha256').update(JSON.stringify(content)).digest('hex')
  return JSON.stringify({ ...content, sha256 })
}

function withKnot(change: Partial<CalibrationContent['knots'][number]>): string {
  return written({ knots: CONTENT.knots.map((knot, i) => (i === 1 ? { ...knot, ...change } : knot)) })
}

describe('A calibration file', () => {
  it('reads as it was written, a knot on each line', () => {
    const text = writeCalibration(CONTENT)
    expect(parseCalibration(bytes(text))).to.deep.equal(CONTENT)
    expect(text.split('\n').filter((line) => line.includes('"llr"'))).to.have.length(3)
    expect(text.endsWith('}\n')).to.equal(true)
  })

  it('is refused when a digit changed', () => {
    expect(refusalOf(writeCalibration(CONTENT).replace('"fnmr":0.1', '"fnmr":0.2'))).to.contain('checksum')
  })

  it('is refused when it is cut, of another format, or no file of this kind', () => {
    const text = writeCalibration(CONTENT)
    expect(refusalOf(text.slice(0, 500))).to.contain('JSON')
    expect(refusalOf('[]')).to.contain('format')
    expect(refusalOf('null')).to.contain('an object')
    expect(refusalOf(text.replace('calibration-1', 'calibration-2'))).to.contain('format')
    expect(refusalOf(' '.repeat(CALIBRATION_BYTES_MAX + 1))).to.contain('bytes')
  })

  const wrong: readonly [what: string, text: string, expected: string][] = [
    ['no space', written({ algorithm: '' }), 'template space'],
    ['no source', written({ source: undefined }), 'made from'],
    ['a count of 0', written({ source: { ...CONTENT.source, personCount: 0 } }), 'made from'],
    ['a resolution of 0', written({ resolution: 0 }), 'resolution'],
    ['a margin of nothing', written({ marginDecades: 0 }), 'margin'],
    ['one knot', written({ knots: CONTENT.knots.slice(1, 2) }), 'knots'],
    ['a knot that is none', written({ knots: [null, null] }), 'numbers'],
    ['a rate that is no number', withKnot({ fmr: NaN }), 'numbers'],
    ['a rate outside its interval', withKnot({ fmrUpper95: 1e-3 }), 'intervals'],
    ['a rate over 1', withKnot({ fnmr: 1.5 }), 'rates'],
    ['a shape of 0', withKnot({ shape: 0 }), 'rates'],
    ['a rate that rises', withKnot({ fmr: 0.15, fmrUpper95: 0.2 }), 'fall'],
    ['a score that falls', withKnot({ score: 0.1 }), 'rise'],
    ['a likelihood ratio that falls', withKnot({ llr: -2 }), 'rise'],
  ]
  for (const [what, text, expected] of wrong)
    it(`is refused with ${what}`, () => {
      expect(refusalOf(text)).to.contain(expected)
    })
})
