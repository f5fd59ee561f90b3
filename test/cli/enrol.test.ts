import { expect } from 'chai'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EnrolReport } from '../../src/cli/enrol/report.js'
import { aFace, anImageOf } from '../support/synthetic-analyser.js'
import { CliBench, failureOf, serverOf } from './support/cli-bench.js'

// Goal: a list becomes enrolled subjects, once, however often and however interrupted the command runs.
// Method: the real program, service and data file; images are made by the synthetic analyser's builder.
describe('portcullis enrol', () => {
  let bench: CliBench
  beforeEach(async () => {
    bench = await CliBench.open()
    await bench.service.addGallery('watch')
  })
  afterEach(() => bench.close())

  const enrol = async (path: string, ...more: string[]) => {
    const ran = await bench.run('enrol', join(bench.folder, path), '--gallery', 'watch', '--json', ...more)
    return { ...ran, report: JSON.parse(ran.out) as EnrolReport }
  }
  const counts = (enrolled: number, alreadyThere = 0, refused = 0, failed = 0) => ({
    enrolled,
    'already-there': alreadyThere,
    refused,
    failed,
    'not-tried': 0,
  })

  it('enrols a single image as the named subject', async () => {
    await bench.put('probe.jpg', aFace(10))
    const { out, code } = await bench.run(
      'enrol',
      join(bench.folder, 'probe.jpg'),
      '--gallery',
      'watch',
      '--subject',
      'QDi.1',
    )
    expect(code).to.equal(0)
    expect(out).to.equal('Samples: 1 enrolled now, 0 already there, 0 refused, 0 failed. Subjects: 1.\n')
    expect(await bench.service.found(10, ['watch'])).to.deep.equal(['QDi.1'])
  })

  it('enrols a folder, and running it again does nothing twice and analyses nothing again', async () => {
    for (const [path, angle] of Object.entries({ 'anna/1.jpg': 0, 'anna/2.jpg': 5, 'ben.jpg': 90 }))
      await bench.put(`list/${path}`, aFace(angle))
    expect((await enrol('list')).report).to.deep.include({ subjectCount: 2, counts: counts(3) })
    const analysedCount = bench.service.analyser.analysedCount
    const again = await enrol('list')
    expect(again.code).to.equal(0)
    expect(again.report.counts).to.deep.equal(counts(0, 3))
    expect(bench.service.analyser.analysedCount).to.equal(analysedCount)
    expect((await bench.service.enrolment.getSubject('anna')).encounters).to.have.length(2)
  })

  it('takes up a list where an earlier run stopped: only the new images are enrolled', async () => {
    await bench.put('list/anna/1.jpg', aFace(0))
    await enrol('list')
    await bench.put('list/anna/2.jpg', aFace(5))
    await bench.put('list/ben.jpg', aFace(90))
    expect((await enrol('list')).report.counts).to.deep.equal(counts(2, 1))
  })

  it('enrols the same bytes under two names once', async () => {
    await bench.put('list/anna/1.jpg', aFace(0))
    await bench.put('list/anna/copy.jpg', aFace(0))
    expect((await enrol('list')).report.counts).to.deep.equal(counts(1, 1))
  })

  it('lets two runs at once enrol everything exactly once', async () => {
    for (let i = 0; i < 30; i++) await bench.put(`list/s${i}.jpg`, aFace(i))
    const [one, two] = await Promise.all([enrol('list'), enrol('list')])
    expect([one.code, two.code]).to.deep.equal([0, 0])
    const total = one.report.counts.enrolled + two.report.counts.enrolled
    expect(total).to.equal(30)
    expect((await bench.service.galleries.get('watch')).referenceCount).to.equal(30)
  })

  it('enrols a subject again that was deleted since', async () => {
    await bench.put('list/anna.jpg', aFace(0))
    await enrol('list')
    await bench.run('subject', 'delete', 'anna')
    expect((await enrol('list')).report.counts).to.deep.equal(counts(1))
    expect(await bench.service.found(0, ['watch'])).to.deep.equal(['anna'])
  })

  it('puts subjects that are there already into a further gallery, and leaves them in the first', async () => {
    await bench.service.addGallery('partners')
    await bench.put('list/anna.jpg', aFace(0))
    await enrol('list')
    await bench.run('enrol', join(bench.folder, 'list'), '--gallery', 'partners')
    expect((await bench.service.enrolment.getSubject('anna')).galleryIds).to.deep.equal(['partners', 'watch'])
  })

  it('enrols the good images of a subject although others are refused: exit code 2, and the report says why', async () => {
    await bench.put('a.jpg', aFace(0, 5))
    await bench.put('b.jpg', aFace(1))
    await bench.put('empty.jpg', anImageOf())
    await bench.put(
      'list.csv',
      'subject_id,external_id,display_name,image\ns1,QDi.1,Jane,a.jpg\ns1,,,b.jpg\ns2,,,empty.jpg\n',
    )
    const report = join(bench.folder, 'report.csv')
    const { code, report: answer } = await enrol('list.csv', '--report', report)
    expect(code).to.equal(2)
    expect(answer).to.deep.include({ counts: counts(1, 0, 2), subjectsWithoutImageCount: 1 })
    const [head, ...lines] = (await readFile(report, 'utf8')).split('\r\n')
    expect(head).to.equal('"subject_id","image","outcome","reason","message"')
    // In the order in which the service answered.
    expect(lines).to.have.members([
      `"s1","${join(bench.folder, 'a.jpg')}","refused","QUALITY_TOO_LOW","The face is blurred; hold still."`,
      `"s2","${join(bench.folder, 'empty.jpg')}","refused","NO_FACE","No face was found."`,
      '',
    ])
    const subject = await bench.service.enrolment.getSubject('s1')
    expect(subject).to.include({ externalId: 'QDi.1', displayName: 'Jane' })
    expect(subject.encounters.map(({ source }) => source)).to.deep.equal(['b.jpg'])
  })

  it('exits with 1 when an image is broken, empty, too large or not there, and enrols the others', async () => {
    await bench.put('good.jpg', aFace(0))
    await bench.put('broken.jpg', 'no image at all')
    await bench.put('zero.jpg', '')
    await bench.put('large.jpg', Buffer.alloc(10 * 1024 * 1024 + 1))
    const names = ['absent', 'broken', 'good', 'large', 'zero']
    await bench.put('list.csv', `subject_id,image\n${names.map((name) => `${name},${name}.jpg\n`).join('')}`)
    const { code, report } = await enrol('list.csv')
    expect(code).to.equal(1)
    expect(report.counts).to.deep.equal(counts(1, 0, 0, 4))
    const reasons = report.problems.map(({ subjectId, reason }) => [subjectId, reason])
    expect(Object.fromEntries(reasons)).to.deep.equal({
      absent: 'INPUT_UNREADABLE',
      broken: 'PARSE_ERROR',
      large: 'LIMIT_EXCEEDED',
      zero: 'INVALID_ARGUMENT',
    })
  })

  it('shows what failed as a table when no report is asked for, with nothing from data obeyed by the terminal', async () => {
    await bench.put('list/a\u001b[2Jb.jpg', anImageOf())
    const { out, code } = await bench.run('enrol', join(bench.folder, 'list'), '--gallery', 'watch')
    expect(code).to.equal(2)
    expect(out)
      .to.include('a\\u001b[2Jb.jpg')
      .and.include('No face was found.')
      .and.include('1 of them cannot be found')
    expect(out).to.not.include('\u001b')
  })

  it('refuses an unknown gallery before it reads a single image', async () => {
    await bench.put('a.jpg', aFace(0))
    const { code, err } = await bench.run('enrol', join(bench.folder, 'a.jpg'), '--gallery', 'absent', '--json')
    expect(code).to.equal(1)
    expect(failureOf({ err }).reason).to.equal('GALLERY_NOT_FOUND')
    expect(bench.service.analyser.analysedCount).to.equal(0)
  })

  it('refuses a report of another kind before it enrols anything', async () => {
    await bench.put('a.jpg', aFace(0))
    const { code, err } = await bench.run(
      'enrol',
      join(bench.folder, 'a.jpg'),
      '--gallery',
      'watch',
      '--report',
      'x.pdf',
    )
    expect({ code, err }).to.deep.equal({
      code: 1,
      err: 'error: --report: the report must be a .csv or a .json file\n',
    })
    expect(bench.service.analyser.analysedCount).to.equal(0)
  })

  it('shows progress on stderr when asked to, and only there', async () => {
    await bench.put('a.jpg', aFace(0))
    const { out, err } = await bench.run(
      'enrol',
      join(bench.folder, 'a.jpg'),
      '--gallery',
      'watch',
      '--json',
      '--progress',
    )
    expect(err).to.include('1/1 samples')
    expect((JSON.parse(out) as EnrolReport).counts.enrolled).to.equal(1)
  })

  it('stops when the service goes away, says what was not tried, and the next run does the rest', async function () {
    this.timeout(20_000)
    for (let i = 0; i < 400; i++) await bench.put(`list/s${String(i).padStart(3, '0')}.jpg`, aFace(i / 2))
    const running = enrol('list')
    while ((await bench.service.galleries.get('watch')).subjectCount < 5)
      await new Promise((resolve) => setTimeout(resolve, 1))
    await bench.server.drain()
    const { code, report } = await running
    expect(code).to.equal(1)
    expect(report.counts['not-tried']).to.be.greaterThan(0)
    const there = (await bench.service.galleries.get('watch')).subjectCount
    expect(report.counts.enrolled).to.be.at.most(there) // answers that were under way may be lost

    const revived = await serverOf(bench.service)
    const next = await enrol('list', '--server', `127.0.0.1:${revived.port}`)
    await revived.drain()
    expect(next.report.counts).to.deep.equal(counts(400 - there, there))
    expect((await bench.service.galleries.get('watch')).referenceCount).to.equal(400)
  })
})
