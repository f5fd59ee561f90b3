import { expect } from 'chai'
import { PassThrough } from 'node:stream'
import { partScores, printParts } from '../../src/cli/fingers/show-parts.js'
import { Terminal } from '../../src/cli/terminal.js'
import type { PartEvidence__Output } from '../../src/generated/portcullis/v1/PartEvidence.js'

// Goal: an examiner reads off each part how it was searched. Method: answers as the service gives them for galleries that are
// too large for a test.
describe('parts of an answer', () => {
  const printed = (part: Partial<PartEvidence__Output>): string => {
    const stdout = new PassThrough()
    const counts = { referencesCoveredCount: 10_000, comparedCount: 512 }
    const whole = { part: 'right-index', algorithm: 'minutiae@0', searchMode: 'exhaustive', ...counts, reasons: [] }
    printParts(new Terminal(stdout, new PassThrough()), [{ ...whole, ...part }])
    return String(stdout.read())
  }

  it('says that a shortlist may miss somebody, and how to be sure', () => {
    expect(printed({ searchMode: 'shortlist' })).to.equal(
      'Part      right-index: 512 comparisons, covering 10000 references (shortlist): it MAY MISS a listed person; --mode exact compares all\n',
    )
    expect(printed({})).to.not.include('MISS')
  })

  it('says why a part was not searched', () => {
    expect(printed({ part: 'face', searchMode: '', reasons: ['No face was found.'] })).to.equal(
      'Part      face: NOT searched, it says nothing for or against anybody\n          No face was found.\n',
    )
  })

  it('lists the scores of the parts, each on its own scale', () => {
    const score = (part: string, value: number) => ({ part, score: value, negLog10Fmr: 0, bestEncounterId: '' })
    expect(partScores([score('face', 0.712), score('right-index', 5.24)])).to.equal('face 0.71 · right-index 5.2')
  })
})
