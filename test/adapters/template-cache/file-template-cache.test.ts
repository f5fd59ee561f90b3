import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { FileTemplateCache } from '../../../src/adapters/template-cache/file-template-cache.js'
import { expectCode } from '../../support/errors.js'
import { temporaryFolder } from '../../support/service-bench.js'

// Goal: what was extracted once is not extracted again, and nothing wrong is ever taken for it. Method: real files in a folder.
const SAMPLE = Buffer.from('a sample')
const TEMPLATE = Uint8Array.of(1, 2, 3)

describe('FileTemplateCache', () => {
  let folder: string
  let extractions: number
  const extract = async () => {
    extractions++
    return TEMPLATE
  }

  beforeEach(() => {
    folder = join(temporaryFolder(), 'cache')
    extractions = 0
  })

  it('gives a template again, also to the next run', async () => {
    const cache = await FileTemplateCache.open(folder)
    expect([...(await cache.template('space', SAMPLE, extract))!]).to.deep.equal([1, 2, 3])
    await cache.close()
    const next = await FileTemplateCache.open(folder)
    expect([...(await next.template('space', SAMPLE, extract))!]).to.deep.equal([1, 2, 3])
    expect(extractions).to.equal(1)
  })

  it('tells other samples and other spaces apart', async () => {
    const cache = await FileTemplateCache.open(folder)
    await cache.template('space', SAMPLE, extract)
    await cache.template('other space', SAMPLE, extract)
    await cache.template('space', Buffer.from('another'), extract)
    expect(extractions).to.equal(3)
  })

  it('remembers that there is none, and forgets a call that failed', async () => {
    const cache = await FileTemplateCache.open(folder)
    expect(await cache.template('space', SAMPLE, async () => null)).to.equal(null)
    expect(await cache.template('space', SAMPLE, extract)).to.equal(null)
    const other = Buffer.from('other')
    await cache.template('space', other, () => Promise.reject(new Error('broken off'))).catch(() => null)
    expect(await cache.template('space', other, extract)).to.deep.equal(TEMPLATE)
  })

  it('extracts again what is damaged: no flipped byte and no missing end is a template', async () => {
    const cache = await FileTemplateCache.open(folder)
    await cache.template('space', SAMPLE, extract)
    const file = join(folder, (await readdir(folder))[0]!)
    const whole = await readFile(file)
    for (const damaged of [
      whole.subarray(0, 20),
      whole.subarray(0, -1),
      Buffer.alloc(0),
      Buffer.concat([whole, whole]),
    ]) {
      await writeFile(file, damaged)
      expect([...(await cache.template('space', SAMPLE, extract))!]).to.deep.equal([1, 2, 3])
    }
    expect(extractions).to.equal(5)
  })

  it('keeps to its bound: what was not used for longest goes first, and drafts of a killed run go', async () => {
    const cache = await FileTemplateCache.open(folder)
    for (const name of ['a', 'b', 'c']) await cache.template('space', Buffer.from(name), extract)
    const [first] = await readdir(folder)
    for (const name of await readdir(folder)) await utimes(join(folder, name), 2e9, 2e9)
    await utimes(join(folder, first!), 1e9, 1e9)
    await writeFile(join(folder, 'x.template.1.draft'), 'half')
    const { size } = await stat(join(folder, first!))
    await FileTemplateCache.open(folder, 2 * size)
    const left = await readdir(folder)
    expect(left).to.have.length(2)
    expect(left).to.not.include(first)
  })

  it('is for its owner alone', async () => {
    const cache = await FileTemplateCache.open(folder)
    await cache.template('space', SAMPLE, extract)
    expect((await stat(folder)).mode & 0o777).to.equal(0o700)
    expect((await stat(join(folder, (await readdir(folder))[0]!))).mode & 0o777).to.equal(0o600)
  })

  it('refuses a folder that cannot be made', async () => {
    await mkdir(folder)
    await writeFile(join(folder, 'file'), '')
    const error = await expectCode('INVALID_ARGUMENT', FileTemplateCache.open(join(folder, 'file', 'cache')))
    expect(error.field).to.equal('cache')
  })
})
