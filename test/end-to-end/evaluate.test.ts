import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { expect } from 'chai'
import { runProgram } from '../../src/cli/run.js'
import { Terminal } from '../../src/cli/terminal.js'
import { commandDependencies } from '../../src/compose-commands.js'
import type { IdentificationEvaluation } from '../../src/services/evaluation/identification.js'
import type { VerificationEvaluation } from '../../src/services/evaluation/verification.js'
import { temporaryFolder } from '../support/service-bench.js'
import { describeWithShared } from '../support/shared-data.js'
import { describeWithModels, PACKAGE_ROOT } from '../support/weights.js'

// Goal: `portcullis evaluate` on real folders, from the command line to the files that it writes. Method: the real program in this
// process, over the project's samples and FVC's templates.
class Desk {
  readonly folder = temporaryFolder()

  constructor(private readonly environment: Readonly<Record<string, string>> = {}) {}

  async run(...args: readonly string[]) {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()]
    const [out, err] = [text(stdout), text(stderr)]
    const surroundings = {
      root: PACKAGE_ROOT,
      version: '0.0.0-test',
      terminal: new Terminal(stdout, stderr),
      environment: { PORTCULLIS_WORKERS: '1', ...this.environment },
      currentFolder: this.folder,
    }
    const code = await runProgram(commandDependencies(surroundings), args)
    stdout.end()
    stderr.end()
    return { code, out: await out, err: await err }
  }

  read(name: string): Promise<string> {
    return readFile(join(this.folder, name), 'utf8')
  }

  async put(name: string, content: string): Promise<string> {
    await writeFile(join(this.folder, name), content)
    return join(this.folder, name)
  }
}

describeWithShared('portcullis evaluate, fingers', 'fvc-dev', (fvc) => {
  const folder = join(fvc, 'fvc2002_db1')
  const desk = new Desk()
  const identification = (...more: readonly string[]) =>
    desk.run('--json', 'evaluate', 'identification', '--modality', 'finger', '--folder', folder, ...more)

  it('splits ten fingers of eight impressions, and writes the report in three formats', async () => {
    const files = ['html', 'md', 'json'].map((kind) => join(desk.folder, `report.${kind}`))
    const { code, out } = await identification('--seed', '1', ...files.flatMap((file) => ['--out', file]))
    expect(code).to.equal(0)
    const result = JSON.parse(out) as IdentificationEvaluation
    // Five fingers enrolled by one impression each, 5 × 7 mated probes, 5 × 8 of strangers.
    expect(result).to.include({
      referenceCount: 5,
      matedSearchCount: 35,
      nonMatedSearchCount: 40,
      failuresToExtract: 0,
    })
    expect(result.cmc[0]?.rate).to.be.above(0.8)
    expect(JSON.parse(await desk.read('report.json'))).to.deep.equal(result)
    expect(await desk.read('report.md')).to.contain('| references | N = 5 people |')
    expect((await desk.read('report.html')).match(/<svg/g)).to.have.length(8) // four plots, light and dark
  })

  it('gives the same figures again from the cache, and others with another seed', async () => {
    const [first, again, other] = [
      await identification('--seed', '1'),
      await identification('--seed', '1'),
      await identification('--seed', '2'),
    ]
    expect(again.out).to.equal(first.out)
    expect(other.out).to.not.equal(first.out)
  })

  it('shows tables, and enrols the share that it is told', async () => {
    const { code, out } = await desk.run(
      ...['evaluate', 'identification', '--modality', 'finger', '--folder', folder, '--enrol-fraction', '0.8'],
    )
    expect(code).to.equal(0)
    expect(out).to.contain('N = 8 people').and.contain('Misses at a false positive identification rate')
  })

  it('compares every two impressions 1:1, with a plot', async () => {
    const file = join(desk.folder, 'pairs.html')
    const { code, out } = await desk.run(
      ...['evaluate', 'verification', '--modality', 'finger', '--folder', folder, '--out', file],
    )
    expect(code).to.equal(0)
    expect(out).to.contain('280 mated, 2880 non-mated') // 10 · 8·7/2, and 80·79/2 − 280
    expect((await desk.read('pairs.html')).match(/<svg/g)).to.have.length(6)
    expect(out).to.contain('What the calibration predicted').and.contain('is no honest test')
  })

  it('makes up no fingers', async () => {
    const { code, err } = await identification('--distractors', '1000')
    expect(code).to.equal(1)
    expect(err).to.contain('distractors').and.contain('fingers')
  })

  it('refuses another kind of report before it works', async () => {
    const { code, err } = await identification('--out', 'report.pdf')
    expect(code).to.equal(1)
    expect(err).to.contain('--out').and.contain('.html')
  })
})

describeWithModels('portcullis evaluate, faces', (weights) => {
  const desk = new Desk({ PORTCULLIS_MODELS_DIR: weights })
  const samples = join(PACKAGE_ROOT, 'samples')
  const subjects = join(samples, 'subjects')

  it('finds the sample subjects among each other', async () => {
    const { code, out } = await desk.run('--json', 'evaluate', 'identification', '--folder', subjects, '--seed', '1')
    expect(code).to.equal(0)
    const result = JSON.parse(out) as IdentificationEvaluation
    expect(result).to.include({ personCount: 16, sampleCount: 48, referenceCount: 8, nonMatedSearchCount: 24 })
    expect(result.cmc[0]?.rate).to.be.above(0.9)
  })

  it('takes templates of the cache: a second run over the same images asks no model', async () => {
    const list = ['a,b,mated,group_a,group_b']
    for (const n of [1, 2, 3, 4]) {
      list.push(`S00${n}/1.jpg,S00${n}/2.jpg,1,g${n % 2},g${n % 2}`)
      list.push(`S00${n}/1.jpg,S00${(n % 4) + 1}/2.jpg,0,g${n % 2},g${(n + 1) % 2}`)
    }
    const pairs = await desk.put('pairs.csv', list.join('\n'))
    const { code, out } = await desk.run('--json', 'evaluate', 'verification', '--pairs', pairs, '--images', subjects)
    expect(code).to.equal(0)
    const result = JSON.parse(out) as VerificationEvaluation
    expect(result).to.include({ matedCount: 4, nonMatedCount: 4, imageCount: 8 })
    expect(result.medianMs).to.deep.equal({}) // the evaluation before knew all of them
  })

  it('refuses a folder that holds nobody, one that holds nobody twice, and one that is not there', async () => {
    const empty = await desk.run('evaluate', 'identification', '--folder', samples, '--modality', 'finger')
    expect(empty.code).to.equal(1)
    expect(empty.err).to.contain('folder').and.contain('sub-folders that are people')
    for (const person of ['S001', 'S002']) {
      await mkdir(join(desk.folder, 'once', person), { recursive: true })
      await copyFile(join(subjects, person, '1.jpg'), join(desk.folder, 'once', person, '1.jpg'))
    }
    const once = await desk.run('evaluate', 'identification', '--folder', 'once')
    expect(once.code).to.equal(1)
    expect(once.err).to.contain('holds nobody twice')
    const nowhere = await desk.run('evaluate', 'identification', '--folder', 'nowhere')
    expect(nowhere.err).to.contain('a readable folder')
  })

  it('refuses pairs that name a missing image, and pairs of one class, without the name in the message', async () => {
    const verification = async (...rows: readonly string[]) => {
      const pairs = await desk.put('bad.csv', ['a,b,mated', ...rows].join('\n'))
      return desk.run('evaluate', 'verification', '--pairs', pairs, '--images', subjects)
    }
    const missing = await verification('S001/1.jpg,S001/9.jpg,1', 'S001/1.jpg,S002/1.jpg,0')
    expect(missing.code).to.equal(1)
    expect(missing.err).to.contain('images').and.contain('one that is missing').and.not.contain('S001')
    const oneClass = await verification('S001/1.jpg,S002/1.jpg,0', 'S002/1.jpg,S003/1.jpg,0')
    expect(oneClass.code).to.equal(1)
    expect(oneClass.err).to.contain('pairs of one class')
    expect(missing.out + oneClass.out).to.equal('')
  })

  it('states no figure that the searches do not support', async () => {
    const { code, out } = await desk.run('evaluate', 'identification', '--folder', subjects)
    expect(code).to.equal(0)
    // 24 non-mated searches: 10 % are two of them, 3 % not even one.
    expect(out)
      .to.match(/10\.00 % \(rough\) +│ 0\./)
      .and.match(/ 3\.00 % +│ – +│ – +│ – +│ – /)
    expect(out).to.contain('–: too few non-mated searches')
  })

  it('makes up strangers only where there are people enough to learn from', async () => {
    const { code, err } = await desk.run('evaluate', 'identification', '--folder', subjects, '--distractors', '1000')
    expect(code).to.equal(1)
    expect(err).to.contain('distractors').and.contain('200 enrolled people').and.contain('8')
  })

  it('goes on where it was killed', async function () {
    this.timeout(120_000)
    const cache = join(desk.folder, 'killed')
    const args = ['--json', 'evaluate', 'identification', '--folder', subjects, '--cache', cache, '--workers', '1']
    const templates = () =>
      readdir(cache)
        .then((names) => names.filter((name) => name.endsWith('.template')))
        .catch(() => [])
    const inodeOf = async (name: string) => (await stat(join(cache, name))).ino
    const program = spawn(process.execPath, [join(PACKAGE_ROOT, 'dist', 'src', 'main.js'), ...args], {
      cwd: desk.folder,
      env: { ...process.env, PORTCULLIS_MODELS_DIR: weights },
      stdio: 'ignore',
    })
    const ended = once(program, 'exit')
    while ((await templates()).length < 10) await setTimeout(20)
    program.kill('SIGKILL')
    expect((await ended)[1]).to.equal('SIGKILL')
    const kept = await templates()
    expect(kept.length).to.be.within(10, 47)
    const inodes = await Promise.all(kept.map(inodeOf))

    const second = await desk.run(...args)
    expect(second.code).to.equal(0)
    expect(await templates()).to.have.length(48)
    expect(await Promise.all(kept.map(inodeOf))).to.deep.equal(inodes) // no template was made and written again
    const whole = await desk.run('--json', 'evaluate', 'identification', '--folder', subjects)
    expect(second.out).to.equal(whole.out)
  })

  it('refuses groups that leave somebody out, without a name in the message', async () => {
    const groups = await desk.put('groups.csv', 'person,group\nS001,a\nS002,b')
    const { code, err } = await desk.run('evaluate', 'identification', '--folder', subjects, '--groups', groups)
    expect(code).to.equal(1)
    expect(err).to.contain('14 without one').and.not.contain('S003')
  })
})
