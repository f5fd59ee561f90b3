import { expect } from 'chai'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
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
    return planEnrolment(join(root, 'list.csv'), null)
  }
  const faultOf = async (content: string): Promise<CliError> => {
    const error = await csv(content).catch((e: unknown) => e)
    expect(error).to.be.instanceOf(CliError)
    return error as CliError
  }
  const shortForm = ({ subjects }: Awaited<ReturnType<typeof planEnrolment>>) =>
    subjects.map(({ subjectId, imagePaths }) => [subjectId, ...imagePaths.map((path) => basename(path))])

  it('names the subject of a single image for its file, or for --subject', async () => {
    await put('QDi.001.jpg')
    expect(shortForm(await planEnrolment(join(root, 'QDi.001.jpg'), null))).to.deep.equal([['QDi.001', 'QDi.001.jpg']])
    expect(shortForm(await planEnrolment(join(root, 'QDi.001.jpg'), 'x'))).to.deep.equal([['x', 'QDi.001.jpg']])
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
    const plan = await planEnrolment(root, null)
    expect(shortForm(plan)).to.deep.equal([
      ['anna', '1.jpg', '2.PNG'],
      ['ben', 'ben.webp'],
    ])
    expect(plan.ignoredCount).to.equal(3) // notes.txt, deeper, read.me
  })

  it('derives an id where a name is none, always the same, and keeps the name for people', async () => {
    await put('Jürgen Müller/1.jpg')
    const [first] = (await planEnrolment(root, null)).subjects
    const [second] = (await planEnrolment(root, null)).subjects
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
        imagePaths: [join(root, 'a/1.jpg'), join(root, 'a/2.jpg')],
      },
      { subjectId: 's2', externalId: '', displayName: '', imagePaths: [join(root, 'b.jpg')] },
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
      planEnrolment(path, null).then(
        () => '',
        (error: unknown) => (error as CliError).message,
      )
    expect(await messageOf(join(root, 'absent'))).to.equal('the path cannot be read (ENOENT)')
    expect(await messageOf(root)).to.match(/holds no images/)
    expect((await faultOf('subject_id,image\n')).message).to.equal('the CSV has no rows')
    expect(await planEnrolment(root, 'x').catch((e: unknown) => (e as CliError).field)).to.equal('--subject')
  })
})
