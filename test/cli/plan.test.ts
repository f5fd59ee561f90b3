import { expect } from 'chai'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { FingerPosition } from '../../src/domain/finger.js'
import { planEnrolment } from '../../src/cli/enrol/plan.js'
import { CliError } from '../../src/cli/failure.js'

// Goal: files and lists become the subjects that the operator meant, or a sentence that names the wrong line.
describe('planEnrolment()', () => {
  let root: string
  beforeEach(async () => (root = await mkdtemp(join(tmpdir(), 'portcullis-plan-'))))
  afterEach(() => rm(root, { recursive: true, force: true }))

  const put = async (path: string, content = '') => {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), content)
  }
  const csv = async (content: string) => {
    await put('list.csv', content)
    return planEnrolment(join(root, 'list.csv'))
  }
  const faultOf = async (content: string): Promise<CliError> => {
    const error = await csv(content).catch((e: unknown) => e)
    expect(error).to.be.instanceOf(CliError)
    return error as CliError
  }
  const shortForm = ({ subjects }: Awaited<ReturnType<typeof planEnrolment>>) =>
    subjects.map(({ subjectId, samples }) => [subjectId, ...samples.map(({ path }) => basename(path))])
  const fingersOf = ({ subjects }: Awaited<ReturnType<typeof planEnrolment>>) =>
    Object.fromEntries(subjects.map(({ subjectId, samples }) => [subjectId, samples.map(({ finger }) => finger)]))
  const single = (name: string, subjectId: string | null = null, finger: FingerPosition | null = null) =>
    planEnrolment(join(root, name), { subjectId, finger })

  it('names the subject of a single image for its file, or for --subject', async () => {
    await put('QDi.001.jpg')
    expect(shortForm(await single('QDi.001.jpg'))).to.deep.equal([['QDi.001', 'QDi.001.jpg']])
    expect(shortForm(await single('QDi.001.jpg', 'x'))).to.deep.equal([['x', 'QDi.001.jpg']])
  })

  it('takes sub-folders for subjects and files beside them for subjects of their own', async () => {
    for (const path of [
      'anna/1.jpg',
      'anna/2.PNG',
      'anna/notes.txt',
      'anna/deeper/3.jpg',
      'ben.webp',
      'read.me',
      '.x.jpg',
    ])
      await put(path)
    const plan = await planEnrolment(root)
    expect(shortForm(plan)).to.deep.equal([
      ['anna', '1.jpg', '2.PNG'],
      ['ben', 'ben.webp'],
    ])
    expect(plan.ignoredCount).to.equal(3) // notes.txt, deeper, read.me
  })

  it('derives an id where a name is none, always the same, and keeps the name for people', async () => {
    await put('Jürgen Müller/1.jpg')
    const [first] = (await planEnrolment(root)).subjects
    const [second] = (await planEnrolment(root)).subjects
    expect(first?.subjectId)
      .to.match(/^named-[0-9a-f]{16}$/)
      .and.equal(second?.subjectId)
    expect(first?.displayName).to.equal('Jürgen Müller')
  })

  it('reads a CSV: rows of one subject anywhere, paths beside the file, a byte order mark, quotes', async () => {
    const plan = await csv(
      '\ufeffsubject_id,external_id,display_name,image\r\ns1,QDi.1,"Doe, Jane",a/1.jpg\r\ns2,,,b.jpg\r\ns1,,,a/2.jpg\r\n',
    )
    expect(plan.subjects).to.deep.equal([
      {
        subjectId: 's1',
        externalId: 'QDi.1',
        displayName: 'Doe, Jane',
        samples: [
          { path: join(root, 'a/1.jpg'), finger: null },
          { path: join(root, 'a/2.jpg'), finger: null },
        ],
      },
      { subjectId: 's2', externalId: '', displayName: '', samples: [{ path: join(root, 'b.jpg'), finger: null }] },
    ])
  })

  it('needs only subject_id and image, in any order', async () => {
    expect(shortForm(await csv('image,subject_id\n1.jpg,s1\n'))).to.deep.equal([['s1', '1.jpg']])
  })

  it('refuses a header with a column missing, unknown or twice', async () => {
    for (const header of ['subject_id', 'subject_id,image,colour', 'subject_id,image,image', ''])
      expect((await faultOf(`${header}\ns1,1.jpg,x\n`)).message, header).to.match(/header must have subject_id, image/)
  })

  it("names every wrong line and repeats nobody's data", async () => {
    const fault = await faultOf(
      'subject_id,display_name,image\ns1,Jane,1.jpg\nb@d id,Mallory,2.jpg\ns1,John,3.jpg\ns4,,\n',
    )
    expect(fault.reasons).to.deep.equal([
      'line 3: expected letters, digits and . _ : - , the first a letter or digit, got other characters',
      'line 4: display_name differs from an earlier line of the subject',
      'line 5: image is empty',
    ])
    expect(JSON.stringify(fault)).to.not.match(/Mallory|John|b@d/)
  })

  it('names the line of a malformed row without its content', async () => {
    const fault = await faultOf('subject_id,image\ns1,1.jpg\ns2,Mallory.jpg,extra\n')
    expect(fault.message)
      .to.match(/^line 3 of the CSV is malformed/)
      .and.not.include('Mallory')
  })

  it('says clearly what is not there or empty', async () => {
    const messageOf = async (path: string) =>
      planEnrolment(path).then(
        () => '',
        (error: unknown) => (error as CliError).message,
      )
    expect(await messageOf(join(root, 'absent'))).to.equal('the path cannot be read (ENOENT)')
    expect(await messageOf(root)).to.match(/holds no images/)
    expect((await faultOf('subject_id,image\n')).message).to.equal('the CSV has no rows')
    expect(await single('', 'x').catch((e: unknown) => (e as CliError).field)).to.equal('--subject')
  })

  it('takes a file for a fingerprint by its name or its kind, and every other image for a face', async () => {
    const names = {
      'right-index.fmr': 'right-index',
      'right-index_2.PNG': 'right-index',
      'finger-left-thumb.tif': 'left-thumb',
      'Left-Ring-1.bmp': 'left-ring',
      'scan.wsq': 'unknown',
      'card.iso': 'unknown',
      'portrait.png': null,
      'right-hand.jpg': null,
      'index.jpg': null,
    }
    for (const name of Object.keys(names)) await put(`anna/${name}`)
    for (const name of ['right-index.xyt', 'left-index.txt', 'scan.fir']) await put(`anna/${name}`)
    const plan = await planEnrolment(root)
    const found = plan.subjects[0]?.samples.map(({ path, finger }) => [basename(path), finger]) ?? []
    expect(Object.fromEntries(found)).to.deep.equal(names)
    expect(plan.ignoredCount).to.equal(3) // no frame, no sample, a record of images
  })

  it('gives a finger beside the sub-folders to the subject that stands before it, and refuses one that is nobody’s', async () => {
    for (const name of ['QDi.1.jpg', 'QDi.1_right-index.fmr', 'QDi.1_left-thumb_2.png']) await put(name)
    expect(fingersOf(await planEnrolment(root))).to.deep.equal({ 'QDi.1': [null, 'left-thumb', 'right-index'] })
    await put('right-index.fmr')
    const error = await planEnrolment(root).catch((e: unknown) => e as CliError)
    expect(error)
      .to.include({ reason: 'INPUT_UNREADABLE' })
      .and.have.property('message')
      .that.matches(/a finger alone/)
  })

  it('takes a single file for a face, a named finger, or what --finger says, and asks whose a bare finger is', async () => {
    for (const name of ['x.png', 'QDi.1_right-index.fmr', 'left-thumb.fmr']) await put(name)
    expect(fingersOf(await single('x.png'))).to.deep.equal({ x: [null] })
    expect(fingersOf(await single('x.png', null, 'left-ring'))).to.deep.equal({ x: ['left-ring'] })
    expect(fingersOf(await single('QDi.1_right-index.fmr'))).to.deep.equal({ 'QDi.1': ['right-index'] })
    expect(fingersOf(await single('left-thumb.fmr', 's1'))).to.deep.equal({ s1: ['left-thumb'] })
    const fieldOf = (work: Promise<unknown>) => work.catch((e: unknown) => (e as CliError).field)
    expect(await fieldOf(single('left-thumb.fmr'))).to.equal('--subject')
    expect(await fieldOf(single('', null, 'left-ring'))).to.equal('--finger')
  })

  it('reads the finger of a row: the column, or the file’s name where it is empty', async () => {
    const plan = await csv(
      'subject_id,image,finger\ns1,a.jpg,\ns1,b.png,right-index\ns1,c.bin,unknown\ns1,left-ring.fmr,\ns1,d.wsq,\n',
    )
    expect(fingersOf(plan)).to.deep.equal({ s1: [null, 'right-index', 'unknown', 'left-ring', 'unknown'] })
    const { reasons } = await faultOf('subject_id,image,finger\ns1,a.fmr,index\n')
    expect(reasons).to.have.length(1)
    expect(reasons[0]).to.match(/^line 2: finger must be empty or one of unknown, right-thumb, /)
  })
})
