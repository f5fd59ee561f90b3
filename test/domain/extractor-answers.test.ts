import { expect } from 'chai'
import fc from 'fast-check'
import { readDescription, readExtracted, readQuality } from '../../src/domain/extractor-answers.js'
import { DomainError } from '../../src/domain/errors.js'

// Goal: what an extractor answers is read whole or refused as UNAVAILABLE; nothing else ever escapes. Method: answers by hand at the
// bounds, and random values.
const DESCRIPTION = {
  id: 'a.b-c_d:1',
  version: '1.2+3',
  descriptorVersion: '1',
  modality: 'finger',
  inputFormats: ['gray8', 'wsq'],
  outputFormat: 'ansi-378-2009-am1',
}
const EXTRACTOR = { id: 'a', version: '1', descriptorVersion: '1' }
const EXTRACTED = { templates: [Uint8Array.of(1)], quality: 0, warnings: [], extractor: EXTRACTOR }

/** The sentence of a refusal; null when the value is read. */
function refusalOf(read: (value: unknown) => unknown, value: unknown): string | null {
  try {
    read(value)
    return null
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'UNAVAILABLE') throw error
    return error.got
  }
}

describe('The answers of extractors', () => {
  it('are read as they are, without further fields', () => {
    expect(readDescription({ ...DESCRIPTION, more: 1 })).to.deep.equal(DESCRIPTION)
    expect(readQuality({ quality: 100, warnings: ['x'.repeat(512)], more: 1 })).to.deep.equal({
      quality: 100,
      warnings: ['x'.repeat(512)],
    })
    expect(readExtracted({ ...EXTRACTED, more: 1 })).to.deep.equal(EXTRACTED)
  })

  it('keep nothing of a larger buffer', () => {
    const large = new Uint8Array(1_000)
    const { templates } = readExtracted({ ...EXTRACTED, templates: [large.subarray(10, 20)] })
    expect(templates[0]!.buffer.byteLength).to.equal(10)
  })

  const badDescriptions: readonly [string, object][] = [
    ['an empty id', { id: '' }],
    ['an id of 65 characters', { id: 'x'.repeat(65) }],
    ['an id with a space', { id: 'a b' }],
    ['an id with a line break at its end', { id: 'a\n' }],
    ['no version', { version: undefined }],
    ['a descriptor version that is a number', { descriptorVersion: 1 }],
    ['another modality', { modality: 'face' }],
    ['no input format', { inputFormats: [] }],
    ['an unknown input format', { inputFormats: ['jpeg'] }],
    ['more input formats than there are', { inputFormats: Array(6).fill('png') }],
    ['a card format', { outputFormat: 'iso-card-compact' }],
    ['xyt', { outputFormat: 'xyt' }],
  ]
  for (const [name, change] of badDescriptions)
    it(`are refused for a description with ${name}`, () => {
      expect(refusalOf(readDescription, { ...DESCRIPTION, ...change })).to.match(/^one that sent /)
    })

  const badExtracted: readonly [string, object][] = [
    ['eleven templates', { templates: Array(11).fill(Uint8Array.of(1)) }],
    ['a template of 128 KiB and a byte', { templates: [new Uint8Array(128 * 1024 + 1)] }],
    ['a template that is a list', { templates: [[1, 2]] }],
    ['17 warnings', { warnings: Array(17).fill('x') }],
    ['a warning with a control character', { warnings: ['\u001b[2J'] }],
    ['no extractor', { extractor: undefined }],
    ['an infinite quality', { quality: Infinity }],
  ]
  for (const [name, change] of badExtracted)
    it(`are refused for ${name}`, () => {
      expect(refusalOf(readExtracted, { ...EXTRACTED, ...change })).to.match(/^one that sent /)
    })

  it('may be anything at all', () => {
    const field = fc.oneof(fc.anything(), fc.constantFrom('finger', [], ['png'], 50, 'iso-19794-2-2005'))
    const names = [...Object.keys(DESCRIPTION), ...Object.keys(EXTRACTED)]
    const answer = fc.oneof(fc.anything(), fc.dictionary(fc.constantFrom(...names), field))
    fc.assert(
      fc.property(answer, (value) => {
        for (const read of [readDescription, readQuality, readExtracted]) refusalOf(read, value)
      }),
      { numRuns: 2_000, seed: 1 },
    )
  })
})
