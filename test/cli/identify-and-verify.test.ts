import { expect } from 'chai'
import { join } from 'node:path'
import type { IdentifyResponse__Output } from '../../src/generated/portcullis/v1/IdentifyResponse.js'
import { aFace, anImageOf } from '../support/synthetic-analyser.js'
import { CliBench } from './support/cli-bench.js'

// Goal: the answers of 1:N and 1:1 reach the person complete. Method: scores are cosines of known angles; the
// synthetic space's default threshold is 0.5 (60 degrees).
describe('portcullis identify and verify', () => {
  let bench: CliBench
  before(async () => {
    bench = await CliBench.open()
    await bench.service.addGallery('watch')
    await bench.service.addGallery('all-faces', { multiFace: 'all' })
    for (const [id, angle] of Object.entries({ near: 10, far: 50, other: 170 }))
      await bench.service.enrol(id, angle, ['watch', 'all-faces'])
    await bench.put('probe.jpg', aFace(0))
    await bench.put('stranger.jpg', aFace(270))
    await bench.put('nobody.jpg', anImageOf())
    await bench.put('two.jpg', anImageOf({ angleDeg: 10 }, { angleDeg: 170, x: 300 }))
  })
  after(() => bench.close())

  const answerOf = (out: string) => JSON.parse(out) as IdentifyResponse__Output
  const at = (name: string) => join(bench.folder, name)
  const identify = (name: string, ...more: string[]) => bench.run('identify', at(name), '--gallery', 'watch', ...more)

  it('prints outcome, candidates, quality, threshold with its error rate, evidence and timings', async () => {
    const { code, out, err } = await identify('probe.jpg')
    expect({ code, err }).to.deep.equal({ code: 0, err: '' })
    expect(out).to.match(/^Outcome {3}refer for review/)
    expect(out).to.match(/1.*0\.9848.*near.*QDi\.near.*Name of near.*watch/) // cos 10°
    expect(out).to.match(/2.*0\.6428.*far/) // cos 50°
    expect(out).to.not.match(/other/)
    expect(out).to.include('quality 80 of 100 (measured)')
    expect(out).to.include('Threshold 0.5000 (false match rate 0.001 per comparison, measured on nobody')
    expect(out).to.include('Galleries watch (3 references)').and.include('covering 3 references')
    expect(out)
      .to.match(/Time {6}\d+\.\d ms \(decode/)
      .and.include('Probe     not kept')
  })

  it('takes a threshold and a longest list', async () => {
    const candidatesOf = async (...more: string[]) =>
      answerOf((await identify('probe.jpg', '--json', ...more)).out).candidates
    expect(await candidatesOf('--threshold', '-1')).to.have.length(3)
    expect(await candidatesOf('--threshold', '0.9')).to.have.length(1)
    expect(await candidatesOf('--threshold', '-1', '--max', '2')).to.have.length(2)
    expect((await identify('probe.jpg', '--threshold', '0.9')).out).to.include('its error rate is not known')
  })

  it('says no candidate with exit code 0, and inconclusive with exit code 2 and why', async () => {
    const none = await identify('stranger.jpg')
    expect(none.code).to.equal(0)
    expect(none.out).to.match(/^Outcome {3}no candidate/)
    const inconclusive = await identify('nobody.jpg')
    expect(inconclusive.code).to.equal(2)
    expect(inconclusive.out).to.match(/^Outcome {3}INCONCLUSIVE: nobody was searched.*\n {10}No face was found\.\n/)
  })

  it('searches every face where policy and request say so', async () => {
    const { out } = await bench.run('identify', at('two.jpg'), '--gallery', 'all-faces', '--faces', 'all', '--json')
    const faces = answerOf(out).candidates.map(({ subjectId, faceIndex }) => [subjectId, faceIndex])
    expect(faces).to.deep.include(['near', 0]).and.deep.include(['other', 1])
    expect((await identify('two.jpg', '--faces', 'all')).code).to.equal(2) // the gallery's policy is stricter
  })

  it('gives one JSON document of plain values', async () => {
    const document = answerOf((await identify('probe.jpg', '--json')).out)
    expect(document).to.deep.include({ outcome: 'REFER_FOR_REVIEW', probeRetained: false })
    expect(document.threshold).to.deep.equal({
      score: 0.5,
      source: 'manifest',
      fmr: 0.001,
      measuredOn: 'nobody: scores are cosines of known angles',
      fpir: null, // nothing has calibrated this space
      scale: 'cosine',
    })
    expect(JSON.stringify(document)).to.not.include('"_')
  })

  it('verifies two images, and an image against a subject', async () => {
    const same = await bench.run('verify', at('probe.jpg'), at('probe.jpg'))
    expect(same.code).to.equal(0)
    expect(same.out)
      .to.match(/^Decision {2}match/)
      .and.include('Score     1.0000')
    const subject = await bench.run('verify', at('probe.jpg'), '--subject', 'far')
    expect(subject.out).to.include('Score     0.6428').and.include('Encounter far-e')
    const other = await bench.run('verify', at('stranger.jpg'), '--subject', 'far', '--json')
    expect(other.code).to.equal(0)
    expect(JSON.parse(other.out)).to.include({ decision: 'NON_MATCH' })
  })

  it('calls a comparison without a face undetermined, exit code 2', async () => {
    const { code, out } = await bench.run('verify', at('nobody.jpg'), at('probe.jpg'))
    expect(code).to.equal(2)
    expect(out)
      .to.match(/^Decision {2}UNDETERMINED/)
      .and.not.include('Score')
  })

  it('wants exactly one reference', async () => {
    for (const more of [[], [at('probe.jpg'), '--subject', 'far']])
      expect((await bench.run('verify', at('probe.jpg'), ...more)).err).to.equal(
        'error: give the other side (a second image, --reference-finger, or both) or --subject\n',
      )
  })
})
