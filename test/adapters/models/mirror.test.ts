import { expect } from 'chai'
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installModels } from '../../../src/adapters/models/install.js'
import { modelStatuses } from '../../../src/adapters/models/status.js'
import { verifyModel, verifyModels } from '../../../src/adapters/models/verify.js'
import { DomainError } from '../../../src/domain/errors.js'
import type { Manifest } from '../../../src/domain/models.js'
import { aManifest, aModel } from './support/a-model.js'

// Goal: what lies in the weights folder under a model's name is the manifest's file or nothing.
// Method: real folders; the "weights" are short texts whose sha256 the builder computes.
describe('models from a mirror', () => {
  let root: string
  let mirrorFolder: string
  let weightsFolder: string
  const alpha = aModel('alpha', 'the weights of alpha')
  const beta = aModel('beta', 'the weights of beta')

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'portcullis-models-'))
    mirrorFolder = join(root, 'mirror')
    weightsFolder = join(root, 'weights')
    await mkdir(mirrorFolder)
    await writeFile(join(mirrorFolder, 'alpha.onnx'), 'the weights of alpha')
    await writeFile(join(mirrorFolder, 'beta.onnx'), 'the weights of beta')
  })
  afterEach(() => rm(root, { recursive: true, force: true }))

  const install = (manifest: Manifest, ids: string[] = []) =>
    installModels(manifest, { weightsFolder, mirrorFolder, ids })
  const outcomesOf = async (manifest: Manifest, ids: string[] = []) =>
    (await install(manifest, ids)).map(({ model, outcome }) => `${model.id} ${outcome}`)

  it('installs every model, and says the second time that they are there already', async () => {
    expect(await outcomesOf(aManifest(alpha, beta))).to.deep.equal(['alpha installed', 'beta installed'])
    expect(await readFile(join(weightsFolder, 'alpha.onnx'), 'utf8')).to.equal('the weights of alpha')
    expect(await outcomesOf(aManifest(alpha, beta))).to.deep.equal([
      'alpha already-installed',
      'beta already-installed',
    ])
  })

  it('installs only the wanted ones and refuses an unknown id before it does anything', async () => {
    expect(await outcomesOf(aManifest(alpha, beta), ['beta'])).to.deep.equal(['beta installed'])
    expect(await readdir(weightsFolder)).to.deep.equal(['beta.onnx'])
    const error = await install(aManifest(alpha), ['alpha', 'gamma']).catch((e: unknown) => e)
    expect(error).to.be.instanceOf(DomainError).with.property('code', 'INVALID_ARGUMENT')
    expect(await readdir(weightsFolder)).to.deep.equal(['beta.onnx'])
  })

  it('refuses a file with another sha256, names both hashes, leaves nothing, and goes on with the others', async () => {
    await writeFile(join(mirrorFolder, 'alpha.onnx'), 'the weights of ALPHA')
    const [first, second] = await install(aManifest(alpha, beta))
    expect(first).to.have.property('outcome', 'failed')
    expect(first)
      .to.have.property('reason')
      .that.includes(alpha.sha256)
      .and.matches(/its sha256 is [0-9a-f]{64}/)
    expect(second).to.have.property('outcome', 'installed')
    expect(await readdir(weightsFolder)).to.deep.equal(['beta.onnx'])
  })

  it('refuses a file that is too short or too long', async () => {
    await truncate(join(mirrorFolder, 'alpha.onnx'), 5)
    await writeFile(join(mirrorFolder, 'beta.onnx'), 'the weights of beta and more')
    const [short, long] = await install(aManifest(alpha, beta))
    expect(short).to.have.property('reason', "it broke off after 5 of the manifest's 20 bytes")
    expect(long).to.have.property('reason', "it is longer than the manifest's 19 bytes")
    expect(await readdir(weightsFolder)).to.deep.equal([])
  })

  it('keeps a good file when its replacement is not needed, and replaces a damaged one', async () => {
    await install(aManifest(alpha))
    await writeFile(join(weightsFolder, 'alpha.onnx'), 'the weights of XXXXX')
    expect(await outcomesOf(aManifest(alpha))).to.deep.equal(['alpha installed'])
    expect(await readFile(join(weightsFolder, 'alpha.onnx'), 'utf8')).to.equal('the weights of alpha')
  })

  it('calls a file that the mirror lacks unavailable, and asks no network although upstream has it', async () => {
    const asked: string[] = []
    const listener: Server = createServer((socket) => {
      asked.push('connection')
      socket.destroy()
    })
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
    const { port } = listener.address() as { port: number }
    const gamma = aModel('gamma', 'the weights of gamma', `https://127.0.0.1:${port}/gamma.onnx`)
    const [outcome] = await install(aManifest(gamma))
    await new Promise((resolve) => listener.close(resolve))
    expect(outcome).to.have.property('outcome', 'unavailable')
    expect(outcome).to.have.property('reason').that.includes('the mirror has no file gamma.onnx')
    expect(asked).to.deep.equal([])
  })

  it('lets parallel installs into one folder all succeed', async () => {
    const runs = await Promise.all(Array.from({ length: 8 }, () => install(aManifest(alpha, beta))))
    for (const outcome of runs.flat()) expect(outcome.outcome).to.match(/^(already-)?installed$/)
    expect((await readdir(weightsFolder)).sort()).to.deep.equal(['alpha.onnx', 'beta.onnx'])
  })

  it('removes partial files that a killed install left an hour ago, and leaves young ones to their owner', async () => {
    await mkdir(weightsFolder)
    await writeFile(join(weightsFolder, '.alpha.onnx.1.part'), 'half')
    await writeFile(join(weightsFolder, '.alpha.onnx.2.part'), 'half')
    const twoHoursAgo = new Date(Date.now() - 2 * 3600_000)
    await utimes(join(weightsFolder, '.alpha.onnx.1.part'), twoHoursAgo, twoHoursAgo)
    await install(aManifest(alpha))
    expect((await readdir(weightsFolder)).sort()).to.deep.equal(['.alpha.onnx.2.part', 'alpha.onnx'])
  })

  it("reports progress up to the manifest's size", async () => {
    const seen: string[] = []
    const onProgress = (model: { id: string }, bytes: number) => seen.push(`${model.id} ${bytes}`)
    await installModels(aManifest(alpha), { weightsFolder, mirrorFolder, ids: [], onProgress })
    expect(seen.at(-1)).to.equal('alpha 20')
  })

  it('says clearly that the weights folder cannot be made', async () => {
    await writeFile(join(root, 'weights'), 'a file where the folder should be')
    const error = await install(aManifest(alpha)).catch((e: unknown) => e)
    expect(error).to.be.instanceOf(DomainError).with.property('code', 'UNAVAILABLE')
    expect(String(error)).to.include('EEXIST')
  })

  it('says clearly that the weights folder cannot be written, and leaves it as it was', async () => {
    await chmod(root, 0o755)
    await mkdir(weightsFolder)
    await chmod(weightsFolder, 0o555)
    const [outcome] = await asUnprivileged(() => install(aManifest(alpha)))
    expect(outcome).to.deep.include({
      outcome: 'failed',
      reason: 'it cannot be written to the weights folder (EACCES)',
    })
    expect(await readdir(weightsFolder)).to.deep.equal([])
  })

  it('never lets a manifest name a file outside the folder', async () => {
    for (const file of ['../alpha.onnx', '/etc/alpha.onnx', 'a/b.onnx', '', '.alpha'])
      expect(await install(aManifest({ ...alpha, file })).catch(String)).to.include('plain file name')
  })

  it('tells installed, missing and damaged apart, by size and by hash', async () => {
    const gamma = aModel('gamma', 'the weights of gamma')
    await install(aManifest(alpha, beta))
    await writeFile(join(weightsFolder, 'beta.onnx'), 'the weights of BETA')
    const statuses = await modelStatuses(aManifest(alpha, beta, gamma), weightsFolder, new Set(['alpha']))
    expect(statuses.map(({ state, inUse }) => [state, inUse])).to.deep.equal([
      ['installed', true],
      ['damaged', false],
      ['missing', false],
    ])
    const [, damaged] = await verifyModels(aManifest(alpha, beta), weightsFolder)
    expect(damaged?.reason).to.include(beta.sha256)
    await truncate(join(weightsFolder, 'alpha.onnx'), 3)
    expect((await verifyModel(alpha, weightsFolder)).reason).to.equal('the file has 3 bytes, the manifest says 20')
  })
})

/** Root may write everywhere: as root, the work runs as `nobody`. */
async function asUnprivileged<Result>(work: () => Promise<Result>): Promise<Result> {
  if (process.geteuid?.() !== 0) return work()
  process.seteuid?.(65_534)
  try {
    return await work()
  } finally {
    process.seteuid?.(0)
  }
}
