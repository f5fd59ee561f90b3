import { expect } from 'chai'
import { drawPlot } from '../../../../src/adapters/plots/draw-plot.js'
import { measureOpenSet } from '../../../../src/services/evaluation/open-set-measures.js'
import { ScoreHistogram } from '../../../../src/services/evaluation/histogram.js'
import { reportHtml } from '../../../../src/services/evaluation/report/html.js'
import { identificationReport } from '../../../../src/services/evaluation/report/identification-report.js'
import { reportMarkdown } from '../../../../src/services/evaluation/report/markdown.js'
import { percent, scoreWord } from '../../../../src/services/evaluation/report/words.js'

// Goal: reports that can be opened anywhere and that nobody's group name can break. Method: the real report and the real
// drawings of a small experiment with a hostile group name.
const HOSTILE = '<script>alert(1)</script>|`"\n# x'

function report() {
  const histogram = () => {
    const counted = new ScoreHistogram([-1, 1], 100)
    for (const score of [0.1, 0.2, 0.9]) counted.add(score)
    return counted
  }
  const searches = {
    mated: [
      { person: 0, mateScore: 0.9, mateRank: 1 },
      { person: 1, mateScore: 0.3, mateRank: 2 },
    ],
    nonMated: Array.from({ length: 40 }, (_, i) => ({ person: 2 + (i % 4), topScore: i / 50 })),
    matedScores: histogram(),
    nonMatedScores: histogram(),
  }
  const groups = [HOSTILE, 'b', HOSTILE, 'b', HOSTILE, 'b']
  return identificationReport({
    algorithm: 'circle@000000000001',
    modality: 'face',
    seed: 1,
    enrolFraction: 0.5,
    personCount: 6,
    sampleCount: 44,
    failuresToExtract: 1,
    failuresToEnrol: 0,
    reliability: null,
    distractors: null,
    ...measureOpenSet(searches, { referenceCount: 2, personCount: 6, groups, seed: 1 }),
  })
}

describe('reportHtml()', () => {
  const html = reportHtml(report(), drawPlot)

  it('loads nothing: no address but of its own parts, no script, and a policy that forbids both', () => {
    const addresses = html.replaceAll(/ xmlns(:\w+)?="[^"]*"/g, '')
    expect(addresses).to.not.match(/https?:|\bsrc=|\bhref=|url\((?!#)|@import|<script|<link|\bon\w+=/i)
    expect(html).to.contain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
  })

  it('holds each plot for a light and a dark reader, named for those who cannot see it', () => {
    expect(html.match(/<svg/g)).to.have.length(6)
    expect(html.match(/<div class="dark"><svg/g)).to.have.length(3)
    expect(html.match(/role="img" aria-label="[^"]{20,}"/g)).to.have.length(3)
    expect(html).to.contain('prefers-color-scheme: dark')
  })

  it('shows a hostile name as text', () => {
    expect(html).to.contain('&lt;script&gt;alert(1)&lt;/script&gt;|`&quot;')
  })

  it('names axes and labels decades of a logarithmic one in per cent', () => {
    const [trade] = /<svg.*?<\/svg>/s.exec(html) ?? ['']
    for (const text of [
      'false positive identification rate (FPIR)',
      'false negative identification rate (FNIR)',
      '1 %',
      '10 %',
      '100 %',
    ])
      expect(trade, text).to.contain(`>${text}<`)
  })
})

describe('reportMarkdown()', () => {
  it('keeps every row in its table, whatever a name holds', () => {
    const lines = reportMarkdown(report()).split('\n')
    const groups = lines.slice(lines.findIndex((line) => line.startsWith('## Groups')))
    const cells = groups.filter((line) => line.startsWith('|')).map((line) => line.split(/(?<!\\)\|/).length)
    expect(cells).to.deep.equal([6, 6, 6, 6]) // head, rule, two groups: four cells and two ends
    expect(groups.join('\n')).to.not.match(/(?<!\\)<script/)
  })

  it('says what was measured, at which N', () => {
    const text = reportMarkdown(report())
    expect(text).to.contain('# Identification with circle@000000000001')
    expect(text).to.contain('| references | N = 2 people |')
    expect(text).to.contain('| 1 | 50.00 % (')
  })
})

describe('words of a report', () => {
  it('keep two digits that count', () => {
    expect([0, 0.5, 0.0123, 0.00012, 0.000001].map(percent)).to.deep.equal([
      '0.00 %',
      '50.00 %',
      '1.23 %',
      '0.012 %',
      '0.00010 %',
    ])
    expect([0.48693, -0.1, 2.4817].map(scoreWord)).to.deep.equal(['0.4869', '-0.1000', '2.48'])
  })
})
