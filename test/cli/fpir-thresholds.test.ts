import { expect } from 'chai'
import { join } from 'node:path'
import type { IdentifyResponse__Output } from '../../src/generated/portcullis/v1/IdentifyResponse.js'
import { aCalibration } from '../support/calibrations.js'
import { aFace } from '../support/synthetic-analyser.js'
import { CliBench } from './support/cli-bench.js'

// Goal: an operator states a rate of false positives and reads off what it costs. Method: FMR is 10^(−4·score), FPIR is
// N·FMR / (1 + N·FMR), three references.
describe('portcullis identify with a target', () => {
  let bench: CliBench
  before(async () => {
    bench = await CliBench.open({}, undefined, { face: aCalibration('circle@000000000001', 0.25), finger: null })
    await bench.service.addGallery('watch')
    for (const [id, angle] of Object.entries({ near: 60, far: 100, opposite: 170 }))
      await bench.service.enrol(id, angle, ['watch'])
    await bench.put('probe.jpg', aFace(0))
  })
  after(() => bench.close())

  const identify = (...more: string[]) =>
    bench.run('identify', join(bench.folder, 'probe.jpg'), '--gallery', 'watch', ...more)
  const answerOf = (out: string) => JSON.parse(out) as IdentifyResponse__Output

  it('prints the threshold that follows, what it predicts, and what each score means', async () => {
    const { code, out, err } = await identify('--target-fpir', '0.5')
    expect({ code, err }).to.deep.equal({ code: 0, err: '' })
    expect(out).to.match(/rank │ score +│ FMR +│ LLR │ subject/)
    expect(out).to.match(/1 +│ 0\.5000 │ 0\.010 │ 1\.0 │ near/)
    expect(out).to.not.include('far')
    expect(out).to.match(/Threshold 0\.1193 \(false match rate 0\.333 per comparison, measured on nobody/) // log10(3) / 4
    expect(out).to.match(/FPIR {6}0\.5 asked of 3 references: predicted 0\.50 \(0\.\d+ to 0\.\d+\)\n {10}by nobody/)
  })

  it('takes alerts and searches a day, both or none', async () => {
    const both = await identify('--alerts-per-day', '50', '--searches-per-day', '100', '--json')
    expect(answerOf(both.out).threshold?.fpir).to.deep.include({ target: 0.5, referenceCount: 3 })
    const half = await identify('--alerts-per-day', '50')
    expect(half.code).to.equal(1)
    expect(half.err).to.include('--alerts-per-day and --searches-per-day together')
  })

  it('lists the most similar subjects of an investigation, and says that no threshold applied', async () => {
    const { out } = await identify('--investigate')
    expect(out)
      .to.match(/near/)
      .and.match(/far/)
      .and.match(/opposite/)
    expect(out).to.include('Threshold NONE applied')
    expect(out).to.not.include('FPIR')
  })

  it('predicts for any other threshold', async () => {
    const { out } = await identify('--threshold', '0.25')
    expect(out).to.match(/Threshold 0\.2500 \(false match rate 0\.1 per comparison, set by this request/)
    expect(out).to.match(/FPIR {6}of 3 references: predicted 0\.23/) // .3 / 1.3
  })

  it('refuses two wishes, and numbers that are no rates', async () => {
    const two = await identify('--target-fpir', '0.5', '--investigate')
    expect(two.code).to.equal(1)
    expect(two.err).to.include('give one of --threshold, --target-fpir, --alerts-per-day and --investigate')
    for (const rate of ['0', '1', '1%', ''])
      expect((await identify('--target-fpir', rate)).err).to.include('over 0 and under 1')
    expect((await identify('--alerts-per-day', '0', '--searches-per-day', '5')).err).to.include('It must be over 0')
  })

  it('passes on which target is the rarest', async () => {
    const { code, err } = await identify('--target-fpir', '0.00001')
    expect(code).to.equal(1)
    expect(err).to.include('the rarest that is known for 3 references')
  })
})
