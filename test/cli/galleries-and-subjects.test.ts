import { expect } from 'chai'
import { CliBench, failureOf } from './support/cli-bench.js'

// Goal: what operators do with galleries and subjects. Method: the real program against a real service over a socket.
describe('portcullis gallery and subject', () => {
  let bench: CliBench
  beforeEach(async () => (bench = await CliBench.open()))
  afterEach(() => bench.close())

  const CREATE = ['gallery', 'create', 'watch', '--owner', 'Border police', '--purpose', 'Court orders']

  it('creates, lists, shows and deletes a gallery', async () => {
    const created = await bench.run(...CREATE, '--minimum-quality', '0', '--faces', 'largest', '--retention-days', '30')
    expect(created).to.include({ code: 0, err: '' })
    expect(created.out).to.include('Gallery   watch').and.include('Quality   at least 0').and.include('30 days')
    expect((await bench.run('gallery', 'list')).out).to.match(/watch.*Border police.*Court orders.*0.*0/)
    expect((await bench.run('gallery', 'show', 'watch')).out).to.include('Faces     largest')
    expect((await bench.run('gallery', 'delete', 'watch')).code).to.equal(0)
    expect((await bench.run('gallery', 'list')).out).to.include('There is no gallery yet')
  })

  it('answers with one JSON document and nothing else when asked to, wherever --json stands', async () => {
    await bench.run(...CREATE)
    for (const args of [
      ['--json', 'gallery', 'list'],
      ['gallery', 'list', '--json'],
    ]) {
      const { out } = await bench.run(...args)
      const { galleries } = JSON.parse(out) as { galleries: { createdAt: string; policy: unknown }[] }
      expect(galleries).to.have.length(1)
      expect(galleries[0]).to.deep.include({ galleryId: 'watch', subjectCount: 0 })
      expect(galleries[0]?.createdAt).to.match(/^2023-11-14T22:13:20/) // the bench's clock
      expect(galleries[0]?.policy).to.deep.equal({
        minimumQuality: 20,
        multiFace: 'MULTI_FACE_REJECT_SEVERAL',
        candidateCountMax: 10,
        retentionDays: 0,
        probeRetention: 'PROBE_RETENTION_NEVER',
      })
    }
  })

  it("passes the service's reason and field on, on stderr, with exit code 1", async () => {
    await bench.run(...CREATE)
    const again = await bench.run(...CREATE, '--json')
    expect(again).to.include({ code: 1, out: '' })
    expect(failureOf(again)).to.include({ reason: 'GALLERY_EXISTS' })
    const wrong = await bench.run('gallery', 'create', '?', '--owner', 'x', '--purpose', 'y')
    expect(wrong.err)
      .to.match(/^error: gallery(\.|_)\S+: expected letters, digits/)
      .and.match(/^[^\n]*\n$/)
    expect((await bench.run('gallery', 'show', 'absent')).code).to.equal(1)
  })

  it('keeps a gallery with subjects unless its memberships shall go too', async () => {
    await bench.run(...CREATE)
    await bench.service.enrol('s1', 0, ['watch'])
    const refused = await bench.run('gallery', 'delete', 'watch', '--json')
    expect(failureOf(refused).reason).to.equal('GALLERY_NOT_EMPTY')
    expect((await bench.run('gallery', 'delete', 'watch', '--remove-memberships')).code).to.equal(0)
    expect((await bench.run('subject', 'show', 's1')).out).to.include('none: no search finds this subject')
  })

  it('lists subjects over pages up to a limit, and says that there are more', async () => {
    await bench.run(...CREATE)
    for (let i = 0; i < 5; i++) await bench.service.enrol(`s${i}`, i, i < 3 ? ['watch'] : [])
    const idsOf = async (...args: string[]) => {
      const { out } = await bench.run('subject', 'list', '--json', ...args)
      return (JSON.parse(out) as { subjects: { subjectId: string }[] }).subjects.map(({ subjectId }) => subjectId)
    }
    expect(await idsOf()).to.deep.equal(['s0', 's1', 's2', 's3', 's4'])
    expect(await idsOf('--gallery', 'watch')).to.deep.equal(['s0', 's1', 's2'])
    expect(await idsOf('--limit', '2')).to.deep.equal(['s0', 's1'])
    expect((await bench.run('subject', 'list', '--limit', '2')).out).to.include('more than 2')
    expect((await bench.run('subject', 'list', '--limit', '5')).out).to.not.include('more than')
  })

  it('shows a subject with its encounters, and deletes it', async () => {
    await bench.service.enrol('s1', 0, [])
    const { out } = await bench.run('subject', 'show', 's1')
    expect(out)
      .to.include('Name      Name of s1')
      .and.match(/s1-e.*active.*passport 2019.*face.*80/)
    expect((await bench.run('subject', 'delete', 's1')).code).to.equal(0)
    expect((await bench.run('subject', 'show', 's1')).err).to.match(/^error: /)
  })
})
