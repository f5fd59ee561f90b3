import { expect } from 'chai'
import { DomainError } from '../../../src/domain/errors.js'
import { calibratedScore } from '../../../src/engines/finger/calibration.js'
import { CELL_COUNT } from '../../../src/engines/finger/cylinder.js'
import { EVIDENCE_NAMES } from '../../../src/engines/finger/evidence.js'
import { checksumOf, parseFingerModel } from '../../../src/engines/finger/model-file.js'
import { DESCRIPTOR_LENGTH } from '../../../src/engines/finger/model.js'
import { modelText, packProjection } from '../../../scripts/finger/model-text.js'
import { FINGER_MODEL, FINGER_MODEL_BYTES } from '../../support/finger/model.js'

// Goal: the matcher starts with whole, right constants or not at all. Method: the shipped file, spoilt in one place each.
const text = FINGER_MODEL_BYTES.toString()
const parse = (changed: string) => parseFingerModel(Buffer.from(changed))
const refusalOf = (changed: string | Uint8Array): string => {
  try {
    parseFingerModel(typeof changed === 'string' ? Buffer.from(changed) : changed)
  } catch (error) {
    if (error instanceof DomainError && error.code === 'PARSE_ERROR') return error.message
    throw error
  }
  throw new Error('it was read')
}
/** The file with other content and a checksum that fits it. */
const withContent = (change: (content: Record<string, unknown>) => void): string => {
  const { sha256: _, ...content } = JSON.parse(text) as Record<string, unknown>
  change(content)
  return JSON.stringify({ ...content, sha256: checksumOf(content) })
}

describe('parseFingerModel()', () => {
  it('reads the shipped file', () => {
    const { descriptorVersion, projection, evidence, calibration } = parse(text)
    expect(descriptorVersion).to.equal('minutiae-v1')
    expect(projection).to.have.length(CELL_COUNT * DESCRIPTOR_LENGTH)
    expect(Math.max(...projection.map(Math.abs))).to.be.closeTo(1, 1e-4)
    expect(evidence.weights).to.have.length(EVIDENCE_NAMES.length)
    expect(calibration.score[0]).to.equal(0)
    expect(calibration.score.at(-1)).to.equal(12)
  })

  it('reads what the trainer writes, and the trainer writes it again', () => {
    const { projection } = JSON.parse(text) as { projection: ReturnType<typeof packProjection> }
    expect(modelText(FINGER_MODEL, projection)).to.equal(text)
    expect(packProjection(FINGER_MODEL.projection).int16).to.equal(projection.int16)
  })

  it('refuses a file cut anywhere', () => {
    for (const length of [0, 1, 100, text.length >> 1, text.length - 3])
      expect(refusalOf(text.slice(0, length))).to.include('JSON in the finger model')
  })

  it('refuses one changed character', () => {
    expect(refusalOf(text.replace('"bias": ', '"bias": 1'))).to.include('checksum')
  })

  it('refuses what is no model at all', () => {
    expect(refusalOf('null')).to.include('an object')
    expect(refusalOf('{}')).to.include('format')
    expect(refusalOf(Uint8Array.of(0xff, 0xfe, 0))).to.include('JSON')
    expect(refusalOf(new Uint8Array(1_000_001))).to.include('at most 1000000 bytes')
  })

  const shapes: readonly (readonly [string, string, (content: Record<string, unknown>) => void])[] = [
    ['another number of cells', '312 × 64', (content) => ((content.projection as { rows: number }).rows = 311)],
    ['a short projection', '39936 bytes', (content) => ((content.projection as { int16: string }).int16 = 'AAAA')],
    ['no weights', 'weights of relaxed', (content) => (content.evidence = { bias: 1, weights: {} })],
    ['no evidence', 'weights of relaxed', (content) => delete content.evidence],
    ['one knot', '2 to 1000 knots', (content) => (content.calibration = [{ logOdds: 0, score: 0 }])],
    ['no version', 'a descriptor version', (content) => (content.descriptorVersion = '')],
    [
      'a calibration that falls',
      'ascends',
      (content) =>
        (content.calibration = [
          { logOdds: 0, score: 1 },
          { logOdds: 1, score: 0 },
        ]),
    ],
  ]
  for (const [title, expected, change] of shapes)
    it(`refuses ${title}, whatever the checksum`, () => {
      expect(refusalOf(withContent(change))).to.include(expected)
    })
})

describe('calibratedScore()', () => {
  const table = { logOdds: Float64Array.of(-2, 0, 10), score: Float64Array.of(0, 1, 3) }
  it('goes straight between knots and stays beyond the ends', () => {
    const scores = [-Infinity, -3, -2, -1, 0, 5, 10, 11, Infinity].map((value) => calibratedScore(table, value))
    expect(scores).to.deep.equal([0, 0, 0, 0.5, 1, 2, 3, 3, 3])
  })
})
