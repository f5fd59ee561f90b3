import { expect } from 'chai'
import { backgroundContext } from '../../../src/domain/context.js'
import { DomainError } from '../../../src/domain/errors.js'
import {
  evaluateFingerVerification,
  type FingerVerificationInput,
} from '../../../src/services/evaluation/finger-verification.js'
import { expectCode } from '../../support/errors.js'

// Goal: each pair once, and rates that can be counted on fingers. Method: "templates" of one byte, whose nearness is the score.
const context = backgroundContext('test')

function evaluate(files: Readonly<Record<string, number>>, change: Partial<FingerVerificationInput<number>> = {}) {
  const compared: string[] = []
  const progress: (readonly [number, number])[] = []
  const input: FingerVerificationInput<number> = {
    algorithm: 'nearness',
    names: Object.keys(files),
    readFile: async (name) => Uint8Array.of(files[name]!),
    prepare: ([byte = 0]) => {
      if (byte === 255) throw new DomainError('PARSE_ERROR', 'a template', 'none')
      return byte
    },
    compare: (a, b) => {
      compared.push(`${a} ${b}`)
      return 10 - Math.abs(a - b)
    },
    calibration: null,
    onProgress: (done, total) => progress.push([done, total]),
    ...change,
  }
  return { compared, progress, result: evaluateFingerVerification(input, context) }
}

describe('evaluateFingerVerification()', () => {
  it('compares every two impressions once', async () => {
    const { compared, progress, result } = evaluate({
      'b_1.fmr': 20,
      'a_2.fmr': 2,
      'a_1.fmr': 1,
      'b_2.fmr': 22,
      'README.md': 9,
    })
    expect(await result).to.include({
      fingerCount: 2,
      impressionCount: 4,
      matedCount: 2,
      nonMatedCount: 4,
      eer: 0,
      fmr100: 0,
    })
    expect(compared).to.deep.equal(['1 2', '1 20', '1 22', '2 20', '2 22', '20 22'])
    expect(progress.at(-1)).to.deep.equal([6, 6])
  })

  it('counts an unreadable template as a missed one', async () => {
    const { result } = evaluate({ 'a_1.fmr': 1, 'a_2.fmr': 255, 'b_1.fmr': 5, 'b_2.fmr': 5 })
    // One of two mated pairs has no score; of the non-mated ones 1–5 has 6 < 10: at 10 nothing is wrong but the missed one.
    expect(await result).to.deep.include({ failuresToRead: 1, matedCount: 2, nonMatedCount: 4, fmr100: 0.5 })
  })

  it('says what it wants of a folder that holds too little', async () => {
    const folders: readonly Record<string, number>[] = [
      {},
      { 'photo.jpg': 1 },
      { 'a_1.fmr': 1, 'b_1.fmr': 2 },
      { 'a_1.fmr': 1, 'a_2.fmr': 2 },
    ]
    for (const files of folders) {
      const error = await expectCode('INVALID_ARGUMENT', evaluate(files).result)
      expect(error.field).to.equal('folder')
      expect(error.expected).to.include('<finger>_<impression>.<ending>')
    }
  })

  it('is bounded', async () => {
    const names = Array.from({ length: 2001 }, (_, i) => `${i}_1.fmr`)
    await expectCode('LIMIT_EXCEEDED', evaluate({}, { names }).result)
  })

  it('lets a bug through', async () => {
    const { result } = evaluate(
      { 'a_1.fmr': 1, 'a_2.fmr': 1, 'b_1.fmr': 5 },
      {
        prepare: () => {
          throw new TypeError('a bug')
        },
      },
    )
    expect(await result.catch((error: unknown) => error)).to.be.instanceOf(TypeError)
  })
})
