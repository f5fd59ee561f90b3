import { expect } from 'chai'
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installModels } from '../../../src/adapters/models/install.js'
import { verifyModel } from '../../../src/adapters/models/verify.js'
import { aManifest, aModel } from './support/a-model.js'

// Goal: weights that the package ships need no install and no network, and are never replaced by somebody else's.
// Method: real folders; the "weights" are short texts whose sha256 the builder computes.
describe('models that the package ships', () => {
  let root: string
  let mirrorFolder: string
  let weightsFolder: string
  let shippedFolder: string
  const own = () => ({ ...aModel('own', 'our weights'), shippedFolder })

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'portcullis-shipped-'))
    mirrorFolder = join(root, 'mirror')
    weightsFolder = join(root, 'weights')
    shippedFolder = join(root, 'package', 'own')
    await mkdir(mirrorFolder)
    await mkdir(shippedFolder, { recursive: true })
    await writeFile(join(shippedFolder, 'own.onnx'), 'our weights')
  })
  afterEach(() => rm(root, { recursive: true, force: true }))

  it('are installed where no weights folder is', async () => {
    expect(await verifyModel(own(), weightsFolder)).to.have.property('state', 'installed')
  })

  it('are not copied by an install', async () => {
    const [outcome] = await installModels(aManifest(own()), { weightsFolder, mirrorFolder, ids: [] })
    expect(outcome).to.have.property('outcome', 'already-installed')
    expect(await readdir(weightsFolder)).to.deep.equal([])
  })

  it('are no part of what "recommended" stands for: the stronger weights of others', async () => {
    await writeFile(join(mirrorFolder, 'strong.onnx'), 'their weights')
    const manifest = aManifest(own(), aModel('strong', 'their weights'))
    const outcomes = await installModels(manifest, { weightsFolder, mirrorFolder, ids: ['recommended'] })
    expect(outcomes.map(({ model, outcome }) => [model.id, outcome])).to.deep.equal([['strong', 'installed']])
  })

  it('are not taken from the weights folder or a mirror when they are damaged', async () => {
    await writeFile(join(shippedFolder, 'own.onnx'), 'our weightz')
    await writeFile(join(mirrorFolder, 'own.onnx'), 'our weights')
    const [outcome] = await installModels(aManifest(own()), { weightsFolder, mirrorFolder, ids: [] })
    expect(outcome).to.have.property('outcome', 'failed')
    expect(outcome).to.have.property('reason').that.includes('sha256').and.includes('part of this package')
    expect(await readFile(join(shippedFolder, 'own.onnx'), 'utf8')).to.equal('our weightz')
  })
})
