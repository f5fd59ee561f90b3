import { expect } from 'chai'
import { circleCalibrations } from '../support/circle-calibration.js'
import { CliBench, failureOf } from './support/cli-bench.js'

// Goal: an operator sees predicted beside observed, and an examiner says what was found. Method: the real program, a real service;
// a gallery of one reference, whose FPIR is 1/21 by the calibration.
describe('portcullis gallery monitor and search outcome', () => {
  let bench: CliBench
  beforeEach(async () => {
    bench = await CliBench.open({}, undefined, circleCalibrations())
    await bench.service.addGallery('watch')
    await bench.service.enrol('s1', 0, ['watch'])
  })
  afterEach(() => bench.close())

  it('shows that nobody searched', async () => {
    const { code, out } = await bench.run('gallery', 'monitor', 'watch')
    expect(code).to.equal(0)
    expect(out).to.equal('Gallery   watch, 2023-08-17 to 2023-11-14 (UTC)\nSearches  none\n')
  })

  it('shows counts, both rates with their intervals, and the verdict', async () => {
    const alarm = await bench.service.identify(0, ['watch'])
    for (let i = 0; i < 9; i++) await bench.service.identify(180, ['watch'])
    const pending = await bench.run('gallery', 'monitor', 'watch')
    expect(pending.out).to.include('Searches  10, of them 1 with candidates of this gallery')
    expect(pending.out).to.match(/predicted +│ 0\.048 +│ 0\.0\d+ to 0\.\d+/)
    expect(pending.out).to.match(/observed +│ 0 to 0\.1 +│ 0 to 0\.45/) // 0 of 9 to 1 of 10

    const reported = await bench.run('search', 'outcome', alarm.searchId, 'different')
    expect(reported).to.deep.equal({ code: 0, out: 'The outcome is counted.\n', err: '' })
    const { out } = await bench.run('gallery', 'monitor', 'watch')
    expect(out).to.include('Outcomes  1 different people (false), 0 same person (true), 0 inconclusive, 0 not reported')
    expect(out).to.match(/observed +│ 0\.1 +│ 0\.0025 to 0\.45/)
    expect(out).to.include('Verdict   too few searches to tell')

    const again = await bench.run('search', 'outcome', alarm.searchId, 'different')
    expect(again.out).to.equal('The same outcome was reported before.\n')
  })

  it('answers in JSON, and takes days and galleries', async () => {
    const { searchId } = await bench.service.identify(0, ['watch'])
    const counted = await bench.run('--json', 'search', 'outcome', searchId, 'same', '--gallery', 'watch')
    expect(JSON.parse(counted.out)).to.deep.equal({ isRepeated: false })
    const { out } = await bench.run(
      'gallery',
      'monitor',
      'watch',
      '--json',
      '--from',
      '2023-11-14',
      '--to',
      '2023-11-14',
    )
    const { searches, ...asked } = JSON.parse(out) as { searches: { samePersonCount: number; observed: unknown }[] }
    expect(asked).to.deep.equal({ galleryId: 'watch', fromDay: '2023-11-14', toDay: '2023-11-14' })
    expect(searches[0]).to.include({ samePersonCount: 1, observed: null }) // the only search was of a listed person
  })

  it('passes on why an outcome is refused', async () => {
    const { searchId } = await bench.service.identify(0, ['watch'])
    await bench.run('search', 'outcome', searchId, 'same')
    const conflict = await bench.run('search', 'outcome', searchId, 'different')
    expect(conflict).to.include({ code: 1, out: '' })
    expect(conflict.err).to.include('expected the outcome reported before, same-person')
    expect(failureOf(await bench.run('--json', 'search', 'outcome', 'nobody', 'same')).reason).to.equal(
      'SEARCH_NOT_FOUND',
    )
    expect(failureOf(await bench.run('--json', 'search', 'outcome', searchId, 'perhaps')).reason).to.equal('USAGE')
  })
})
