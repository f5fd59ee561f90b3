import { expect } from 'chai'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FingerRecord } from '../../src/domain/finger.js'
import { OWN_RECORDS, patched, VIEW } from '../support/finger/own-records.js'
import { failureOf, runCommand } from './support/cli-bench.js'

const ISO = OWN_RECORDS['iso-19794-2-2005']

// Goal: an operator looks into a template and brings it into another format, on a machine without a service.
// Method: the real program over files that hold the records of own-records.ts; no server is running.
describe('portcullis template', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portcullis-cli-template-'))
    await writeFile(join(folder, 'a.fmr'), ISO)
    await writeFile(join(folder, 'a.xyt'), OWN_RECORDS.xyt)
    await writeFile(join(folder, 'long.fmr'), Uint8Array.from([...ISO, 0]))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  const at = (name: string) => join(folder, name)
  const run = (...args: string[]) => runCommand(args)
  const convert = (from: string, to: string, ...more: string[]) => run('template', 'convert', at(from), at(to), ...more)
  const inspect = (name: string, ...more: string[]) => run('template', 'inspect', at(name), ...more)

  it('converts to another format', async () => {
    const { code, out, err } = await convert('a.fmr', 'b.fmr', '--to', 'ansi-378-2004')
    expect({ code, out, err }).to.deep.equal({
      code: 0,
      out: 'Wrote 44 bytes of ansi-378-2004, read from iso-19794-2-2005.\n',
      err: '',
    })
    expect([...(await readFile(at('b.fmr')))]).to.deep.equal([...OWN_RECORDS['ansi-378-2004']])
  })

  it('converts xyt with the frame that it lacks, and warns of what is lost', async () => {
    const frame = ['--width', '400', '--height', '500', '--ppcm', '197']
    const { code, err } = await convert('a.xyt', 'b.fmr', '--from', 'xyt', ...frame, '--to', 'iso-19794-2-2005')
    expect(code).to.equal(0)
    expect(err).to.equal('warning: quality of views: "not reported" is written as 0\n')
    const json = await convert('b.fmr', 'c.xyt', '--to', 'xyt', '--json')
    expect(JSON.parse(json.out)).to.deep.equal({
      sourceFormat: 'iso-19794-2-2005',
      targetFormat: 'xyt',
      byteCount: 28,
      warnings: ['finger, impression and quality of the view, size and resolution of the image are left out'],
    })
    expect(await readFile(at('c.xyt'))).to.deep.equal(await readFile(at('a.xyt')))
  })

  it('shows what a template holds', async () => {
    const { code, out, err } = await inspect('a.fmr')
    expect([code, err]).to.deep.equal([0, ''])
    expect(out).to.match(/^Format {2}iso-19794-2-2005, 1 view\n/)
    expect(out).to.match(/1 .* right-index .* 1 .* 0 .* 80 .* 400 × 500 px, 197 px\/cm .* 2/)
    const record = JSON.parse((await inspect('a.fmr', '--json')).out) as FingerRecord
    expect(record).to.deep.equal({ format: 'iso-19794-2-2005', views: [VIEW], warnings: [] })
  })

  it('draws as SVG and PNG, one file for each view', async () => {
    expect((await inspect('a.fmr', '--svg', at('a.svg'), '--png', at('a.png'))).code).to.equal(0)
    expect(await readFile(at('a.svg'), 'utf8')).to.match(/^<svg [^]*<\/svg>\n$/)
    expect((await readFile(at('a.png'))).subarray(0, 8).toString('latin1')).to.equal('\x89PNG\r\n\x1a\n')
    const view = patched(ISO.subarray(24), 0, 3)
    await writeFile(at('two.fmr'), patched(patched(Uint8Array.from([...ISO, ...view]), 11, 60), 22, 2))
    expect((await inspect('two.fmr', '--svg', at('two.svg'))).code).to.equal(0)
    expect((await readdir(folder)).filter((name) => name.startsWith('two'))).to.have.members([
      'two.fmr',
      'two-1.svg',
      'two-2.svg',
    ])
  })

  it('refuses a template that its standard forbids, and reads on when lenient', async () => {
    const refused = await inspect('long.fmr')
    expect(refused.code).to.equal(1)
    expect(refused.err).to.equal(
      'error: template.data: expected end of the record at byte 42 to be the last byte, got 1 more\n',
    )
    const { code, err } = await inspect('long.fmr', '--lenient')
    expect(code).to.equal(0)
    expect(err).to.equal(
      'warning: end of the record at byte 42 should be the last byte, not 1 more: they are ignored\n',
    )
  })

  it('says what is missing or wrong on the command line and in files', async () => {
    const reasonOf = async (...args: string[]) => failureOf(await run('--json', 'template', ...args)).reason
    expect(await reasonOf('inspect', at('a.xyt'))).to.equal('FORMAT_UNSUPPORTED')
    expect(failureOf(await inspect('a.xyt', '--from', 'xyt', '--json'))).to.include({ field: 'template.frame' })
    expect(await reasonOf('inspect', at('a.xyt'), '--from', 'xyt', '--width', '400')).to.equal('USAGE')
    expect(await reasonOf('convert', at('a.fmr'), at('b'))).to.equal('USAGE')
    expect(await reasonOf('convert', at('a.fmr'), at('b'), '--to', 'iso-19794-2-2011')).to.equal('USAGE')
    expect(await reasonOf('inspect', at('absent'))).to.equal('INPUT_UNREADABLE')
    expect(await reasonOf('inspect', folder)).to.equal('INPUT_UNREADABLE')
    expect(await reasonOf('inspect', at('a.fmr'), '--svg', at('no/such/folder.svg'))).to.equal('OUTPUT_UNWRITABLE')
    await writeFile(at('large'), new Uint8Array(1024 * 1024 + 1))
    expect(await reasonOf('inspect', at('large'))).to.equal('LIMIT_EXCEEDED')
    expect(await readdir(folder)).not.to.include('b')
  })
})
