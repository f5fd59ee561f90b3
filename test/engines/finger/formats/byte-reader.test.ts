import { expect } from 'chai'
import fc from 'fast-check'
import { ByteReader } from '../../../../src/engines/finger/formats/byte-reader.js'
import { DomainError } from '../../../../src/domain/errors.js'
import { outcomeOf, thrownBy } from '../../../support/finger/thrown-by.js'

const FIELDS = { u8: 1, u16: 2, u32: 4 } as const
type Field = keyof typeof FIELDS

// Goal: fields are read big-endian, in order, and never past the end. Method: Node's own reading is the oracle.
describe('ByteReader', () => {
  it('reads what Buffer reads, and refuses exactly what does not fit', () => {
    const bytes = fc.uint8Array({ maxLength: 40 })
    const fields = fc.array(fc.constantFrom(...(Object.keys(FIELDS) as Field[])), { maxLength: 20 })
    fc.assert(
      fc.property(bytes, fc.nat(40), fields, (all, end, sequence) => {
        const reader = new ByteReader(all, 0, Math.min(end, all.length))
        for (const field of sequence) {
          const { offset, remaining } = reader
          const value = outcomeOf(() => reader[field]('it'))
          if (remaining < FIELDS[field]) expect(value).to.be.instanceOf(DomainError)
          else expect(value).to.equal(Buffer.from(all).readUIntBE(offset, FIELDS[field]))
        }
      }),
      { seed: 3, numRuns: 500 },
    )
  })

  it('keeps to a part, counting offsets from the start of the whole', () => {
    const reader = new ByteReader(Uint8Array.of(1, 2, 3, 4, 5, 6))
    reader.skip(1, 'head')
    const part = reader.part(3, 'part')
    expect([part.u8('a'), part.u16('b'), part.remaining]).to.deep.equal([2, 0x0304, 0])
    expect(thrownBy(() => part.u8('c')).message).to.equal(
      'expected c at byte 4 to be 1 bytes, got 0 that are left: the record is cut short',
    )
    expect(reader.u16('tail')).to.equal(0x0506)
    expect(thrownBy(() => reader.part(1, 'more')).code).to.equal('PARSE_ERROR')
  })
})
