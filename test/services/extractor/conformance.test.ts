import { expect } from 'chai'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import sharp from 'sharp'
import { runProgram } from '../../../src/cli/run.js'
import { Terminal } from '../../../src/cli/terminal.js'
import { commandDependencies } from '../../../src/compose-commands.js'
import type { ConformanceReport } from '../../../src/services/extractor/conformance.js'
import { plainPng } from '../../../src/services/extractor/plain-png.js'
import { ridgeImage } from '../../../src/services/extractor/ridge-image.js'
import { PACKAGE_ROOT } from '../../support/weights.js'

// Goal: the conformance test passes what keeps the contract and names what does not. Method: the real command over the examples of
// this project, and over modules that are one of them with one promise broken.
const MODULE = join(PACKAGE_ROOT, 'examples/extractor-module/thinning.mjs')
const SERVER = join(PACKAGE_ROOT, 'examples/extractor-remote/server.mjs')

let folder: string
before(async () => (folder = await mkdtemp(join(tmpdir(), 'portcullis-conformance-'))))
after(() => rm(folder, { recursive: true, force: true }))

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

async function run(...args: string[]): Promise<Ran> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const [out, err] = [text(stdout), text(stderr)]
  const surroundings = { root: PACKAGE_ROOT, version: '0', environment: { PORTCULLIS_WORKERS: '1' } }
  const terminal = new Terminal(stdout, stderr)
  const deps = commandDependencies({ ...surroundings, terminal, currentFolder: folder })
  const code = await runProgram(deps, ['extractor', 'test', ...args])
  stdout.end()
  stderr.end()
  return { code, out: await out, err: await err }
}

async function reportOf(...args: string[]): Promise<ConformanceReport & { readonly code: number }> {
  const { code, out, err } = await run(...args, '--json')
  expect(err).to.equal('')
  return { ...(JSON.parse(out) as ConformanceReport), code }
}

const namesOf = (report: ConformanceReport, outcome: string): readonly string[] =>
  report.checks.filter((check) => check.outcome === outcome).map(({ name }) => name)

describe('portcullis extractor test', () => {
  it('passes the example module', async () => {
    const report = await reportOf(MODULE)
    expect(namesOf(report, 'failed')).to.deep.equal([])
    expect(namesOf(report, 'skipped')).to.deep.equal([])
    expect([report.code, report.isConformant, report.checks.length]).to.deep.equal([0, true, 18])
    expect(report.description?.id).to.equal('example.thinning')
  })

  it('prints a table', async () => {
    const { code, out } = await run(MODULE)
    expect(code).to.equal(0)
    expect(out).to.include('example.thinning 1.0.0').and.include('refuse: 5000 dpi').and.include('Conformant.')
  })

  describe('over gRPC', () => {
    let server: ChildProcess
    let address: string
    before(async () => {
      server = spawn(process.execPath, [SERVER, '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'] })
      const [line] = (await once(server.stdout!, 'data')) as [Buffer]
      address = line.toString().trim().split(' ').at(-1)!
    })
    after(() => server.kill('SIGKILL'))

    it('passes the example server, named with and without a scheme', async () => {
      const report = await reportOf(`grpc://${address}`)
      expect(namesOf(report, 'failed')).to.deep.equal([])
      expect([report.code, report.isConformant]).to.deep.equal([0, true])
      expect((await run(address)).code).to.equal(0)
    })
  })

  // One promise broken each; `sdk` is the example, which keeps them all.
  const broken: readonly [name: string, body: string, failed: readonly string[]][] = [
    [
      'takes any resolution',
      'extract: (image) => sdk.extract({ ...image, resolutionDpi: 500 })',
      ['refuse: 0 dpi', 'refuse: 5000 dpi'],
    ],
    [
      'finds a finger in nothing',
      `extract: (image) => { try { return sdk.extract(image) } catch (error) { if (error.code !== 'NO_FINGER') throw error; return good } }`,
      ['refuse: a white image'],
    ],
    [
      'fails without saying why',
      `extract: (image) => { try { return sdk.extract(image) } catch { throw new Error() } }`,
      [
        ...['refuse: a white image', 'refuse: no bytes', 'refuse: half an image', 'refuse: nonsense'],
        ...['refuse: a header of 10 gigapixels', 'refuse: 0 dpi', 'refuse: 5000 dpi'],
        'refuse: a format that is not offered',
      ],
    ],
    ['is not healthy', "health: () => { throw new Error('licence') }", ['health: serving']],
    [
      'answers records that are cut off',
      'extract: (image) => { const it = sdk.extract(image); return { ...it, templates: it.templates.map((t) => t.slice(0, -1)) } }',
      [
        'extract: a finger',
        'extract: its templates can be read',
        'deadline: 50 ms',
        'cancel: after 20 ms',
        'at once: 8 calls',
      ].concat('repeat: the same templates'),
    ],
    ['measures qualities beyond 100', 'quality: () => ({ quality: 101, warnings: [] })', ['quality: a finger']],
    [
      'declares another format than it writes',
      "describe: () => ({ ...sdk.describe(), outputFormat: 'ansi-378-2004' })",
      [
        'extract: a finger',
        'extract: its templates can be read',
        'deadline: 50 ms',
        'cancel: after 20 ms',
        'at once: 8 calls',
      ].concat('repeat: the same templates'),
    ],
  ]
  for (const [name, body, failed] of broken)
    it(`names what is wrong with one that ${name}`, async () => {
      const report = await reportOf(await moduleWith(name, body))
      expect(namesOf(report, 'failed')).to.deep.equal(failed)
      expect([report.code, report.isConformant]).to.deep.equal([1, false])
    })

  it('only advises one whose templates differ each time', async () => {
    const change = 'let n = 0\nconst next = (t) => { t[25] = n++ % 2 * 2; return t }'
    const body =
      'extract: (image) => { const it = sdk.extract(image); return { ...it, templates: it.templates.map(next) } }'
    const report = await reportOf(await moduleWith('differs', body, change))
    expect(namesOf(report, 'failed')).to.deep.equal(['repeat: the same templates'])
    expect([report.code, report.isConformant]).to.deep.equal([0, true])
  })

  it('says so and stops at one that is not there, and does not pass it', async () => {
    const report = await reportOf('absent.mjs')
    expect(namesOf(report, 'failed')).to.deep.equal(['describe: complete'])
    expect([report.code, report.checks.length, report.description]).to.deep.equal([1, 1, null])
  })

  it('does not pass one that has shown nothing, unless it is given a print', async () => {
    const bmp = "describe: () => ({ ...sdk.describe(), inputFormats: ['bmp'] })"
    const path = await moduleWith('reads-bmp', `${bmp}, extract: () => good`)
    const report = await reportOf(path)
    expect(namesOf(report, 'failed').slice(0, 2)).to.deep.equal([
      'extract: a finger',
      'extract: its templates can be read',
    ])
    expect(report.code).to.equal(1)
  })

  it('demands templates of a print that the vendor chose', async () => {
    const [good, bad] = [join(folder, 'good.png'), join(folder, 'bad.png')]
    const picture = ridgeImage({ sidePx: 300, seed: 7 })
    await writeFile(good, plainPng(picture, 500))
    await writeFile(bad, plainPng({ ...picture, pixels: picture.pixels.map(() => 200) }, 500))
    expect((await reportOf(MODULE, '--image', good, '--dpi', '500')).code).to.equal(0)
    const report = await reportOf(MODULE, '--image', bad)
    expect(namesOf(report, 'failed')).to.include('extract: a finger')
    expect(report.code).to.equal(1)
  })

  const misuse: readonly (readonly string[])[] = [
    ['http://host:1'],
    ['--dpi', '500', MODULE],
    [MODULE, '--image', MODULE],
    [MODULE, '--image', 'absent.png'],
    [MODULE, '--dpi', '99'],
  ]
  for (const args of misuse)
    it(`refuses ${args.join(' ').replaceAll(PACKAGE_ROOT, '')}`, async () => {
      const { code, out, err } = await run(...args)
      expect([code, out]).to.deep.equal([1, ''])
      expect(err).to.match(/^error: .+\n$/)
    })

  /** The example with one of its methods replaced. */
  async function moduleWith(name: string, body: string, before = ''): Promise<string> {
    const path = join(folder, `${name.replaceAll(' ', '-')}.mjs`)
    const source = `import create from ${JSON.stringify(pathToFileURL(MODULE).href)}
const sdk = create()
const good = { templates: [Uint8Array.from(Buffer.from('${GOOD}', 'hex'))], quality: 50, warnings: [] }
${before}
export default () => ({ ...sdk, ${body} })\n`
    await writeFile(path, source)
    return path
  }
})

/** ISO/IEC 19794-2:2005: one view of one minutia. */
const GOOD = '464d5200203230000000002400000064006400c500c50100000032' + '01400a001400320000'

describe('The picture of a finger that nobody has', () => {
  it('is the same for the same seed, and another for another', () => {
    const pixelsOf = (seed: number) => Buffer.from(ridgeImage({ sidePx: 64, seed }).pixels)
    expect(pixelsOf(1).equals(pixelsOf(1))).to.equal(true)
    expect(pixelsOf(1).equals(pixelsOf(2))).to.equal(false)
  })

  it('is a PNG that others read: the same pixels and resolution', async () => {
    const picture = ridgeImage({ sidePx: 300, seed: 1 }) // 90,300 bytes of rows: two blocks
    const png = plainPng(picture, 500)
    const { data, info } = await sharp(png).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true })
    expect([info.width, info.height, info.channels]).to.deep.equal([300, 300, 1])
    expect(data.equals(Buffer.from(picture.pixels))).to.equal(true)
    expect((await sharp(png).metadata()).density).to.equal(500)
  })
})
