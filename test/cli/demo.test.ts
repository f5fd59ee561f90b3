import { expect } from 'chai'
import { demo, type DemoResult } from '../../src/cli/demo.js'
import { aFingerRecord } from '../support/finger-samples.js'
import { aFace, anImageOf } from '../support/synthetic-analyser.js'
import { CliBench } from './support/cli-bench.js'

// Goal: the demonstration counts rightly and survives a bad sample. Method: samples at known angles; threshold 60°.
describe('demo()', () => {
  let bench: CliBench
  beforeEach(async () => {
    bench = await CliBench.open()
    await bench.put(
      'subjects.csv',
      'subject_id,external_id,display_name,image\na,1,A,a/1.jpg\nb,2,B,b/1.jpg\nb,2,B,b/2.jpg\n',
    )
    await bench.put('a/1.jpg', aFace(0))
    await bench.put('b/1.jpg', aFace(120))
    await bench.put('b/2.jpg', anImageOf())
    await bench.put('probes.csv', 'image,subject_id\nright.jpg,a\nwrong.jpg,a\nfar.jpg,\nclose.jpg,\nabsent.jpg,b\n')
    await bench.put('right.jpg', aFace(10))
    await bench.put('wrong.jpg', aFace(110))
    await bench.put('far.jpg', aFace(240))
    await bench.put('close.jpg', aFace(20))
  })
  afterEach(() => bench.close())

  const run = async () => {
    const lines: string[] = []
    const print = (line: string) => lines.push(line)
    const result = await demo({ address: bench.address, samplesFolder: bench.folder, print })
    return { result, text: lines.join('\n') }
  }

  it('enrols, identifies every probe and sums up, with a refused sample and a missing probe among them', async () => {
    const { result, text } = await run()
    expect(result.summary).to.equal(
      '1 of 3 probes have the right subject first; 1 of 2 strangers were referred for review.',
    )
    expect(result.enrolment.counts).to.include({ enrolled: 2, refused: 1 })
    expect(text).to.match(/right\.jpg.*a.*REFER_FOR_REVIEW.*a.*0\.9848.*0\.7000/)
    expect(text).to.match(/far\.jpg.*\(stranger\).*NO_CANDIDATE.*-/)
    expect(text)
      .to.match(/absent\.jpg.*ENOENT/)
      .and.include('No face was found.')
      .and.include('Try next:')
  })

  it('shows fingers alone, and with a face, where the samples have them: rates, and how near strangers come', async () => {
    await bench.put('fingers.csv', 'subject_id,finger,image\na,right-index,a.fmr\nb,right-index,b.fmr\n')
    for (const name of ['a', 'b']) await bench.put(`${name}.fmr`, aFingerRecord(`anna${name}`, 1, 'right-index'))
    await bench.put('same.fmr', aFingerRecord('annaa', 1, 'right-index'))
    await bench.put('stranger.fmr', aFingerRecord('nobody', 1, 'right-index'))
    const list = ['a,right-index,same.fmr,right.jpg', ',right-index,stranger.fmr,far.jpg', 'b,right-index,absent.fmr,']
    await bench.put('finger-probes.csv', `subject_id,finger,template,image\n${list.join('\n')}\n`)
    const { result, text } = await run()
    expect(result.fingerEnrolment?.counts).to.include({ enrolled: 2 })
    const [alone, together] = result.fingers
    const rates = { matedCount: 2, rightFirstCount: 1, strangerCount: 1, referredStrangerCount: 0 }
    expect(alone).to.deep.include({ searchedBy: 'right-index', thresholdScore: 4, ...rates })
    expect(together).to.deep.include({ searchedBy: 'face + right-index', ...rates, matedCount: 1 })
    expect(alone?.probes[0]).to.include({ firstSubjectId: 'a', outcome: 'REFER_FOR_REVIEW', thresholdScore: 4 })
    expect(alone?.strangerScoreMax).to.be.within(0, 4)
    expect(text).to.match(/right-index +│ 1 of 2 +│ 0 of 1 +│ [0-3]\.\d +│ 4\.0/)
    expect(text).to.include('say nothing about accuracy on people')
  })

  it('may be run again: nothing is enrolled twice', async () => {
    await run()
    const { result } = await run()
    expect(result.enrolment.counts).to.include({ enrolled: 0, 'already-there': 2, refused: 1 })
  })

  it('is a command too', async () => {
    const { code, out } = await bench.run('demo', '--samples', bench.folder, '--json')
    expect(code).to.equal(0)
    expect((JSON.parse(out) as DemoResult).probes).to.have.length(5)
  })
})
