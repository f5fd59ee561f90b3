import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect } from 'chai'
import { parseManifest } from '../../../src/adapters/manifest/read-manifest.js'
import { composeFacePipeline } from '../../../src/compose-face.js'
import { backgroundContext } from '../../../src/domain/context.js'
import type { Manifest, ModelDescription } from '../../../src/domain/models.js'
import { chooseFaceModels, modelName } from '../../../src/engines/face/models.js'
import { describeWithWeights, imageFiles, MANIFEST, PACKAGE_ROOT } from '../../support/weights.js'

// Goal: a model of a known kind is an entry of the manifest and needs no code. Method: the shipped manifest with a second
// quality model and a third kind of space, over real weights. The second model is LightQNet's smaller sister where a
// mirror has it, and otherwise the shipped file under another name and range.
const SISTER = resolve(PACKAGE_ROOT, '..', 'shared', 'models', 'lightqnet_dm050.onnx')

describeWithWeights('A new entry of the manifest', (weightsFolder) => {
  const [photo = ''] = imageFiles(join(PACKAGE_ROOT, 'samples', 'subjects'))
  const shipped = MANIFEST.models.find(({ role }) => role === 'face-quality') as ModelDescription
  const recogniser = MANIFEST.models.find(({ role }) => role === 'face-recogniser') as ModelDescription
  let folder: string
  let sister: ModelDescription

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portcullis-weights-'))
    for (const { file, shippedFolder = weightsFolder } of MANIFEST.models)
      await symlink(join(shippedFolder, file), join(folder, file))
    const source = existsSync(SISTER) ? SISTER : join(weightsFolder, shipped.file)
    await symlink(source, join(folder, 'sister.onnx'))
    const bytes = await readFile(source)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const changed = { id: 'sister', file: 'sister.onnx', sha256, bytes: bytes.length, nativeRange: [0, 1] as const }
    sister = { ...shipped, ...changed }
  })

  after(() => rm(folder, { recursive: true }))

  async function analyseWith(manifest: Manifest, spaceId: string, installed: readonly string[]) {
    const described = manifest.models.map(({ shippedFolder: _, ...model }) => model) // no part of the file's form
    const checked = parseManifest(JSON.parse(JSON.stringify({ ...manifest, models: described })))
    const models = chooseFaceModels(checked, new Set(installed), spaceId)
    const pipeline = await composeFacePipeline({ models, weightsFolder: folder })
    const request = { multiFace: 'largest', minimumQuality: 0, purpose: 'template' } as const
    const analysis = await pipeline.analyse({ image: await readFile(photo), ...request }, backgroundContext('test'))
    if (analysis.outcome !== 'extracted' || !analysis.extracted[0]) throw new Error('the photograph gave no template')
    return analysis.extracted[0]
  }

  it('brings another quality model', async () => {
    const manifest = { ...MANIFEST, models: [...MANIFEST.models, sister] }
    const installed = manifest.models.map(({ id }) => id)
    const before = await analyseWith(manifest, '', installed)
    const after = await analyseWith(
      manifest,
      '',
      installed.filter(
        (id) => id === sister.id || !MANIFEST.models.some((m) => m.id === id && m.role === 'face-quality'),
      ),
    )
    expect(before.quality.algorithm).to.equal(modelName(shipped))
    expect(after.quality.algorithm).to.equal(modelName(sister))
    const recognisability = after.quality.components[0]
    expect(recognisability?.measure).to.equal('recognisability')
    expect(recognisability?.quality).to.equal(Math.round(100 * (recognisability?.nativeQuality ?? NaN))) // of 0 to 1
    expect(after.template).to.deep.equal(before.template)
  })

  it('brings another space, with weights of its own', async () => {
    const [space] = MANIFEST.spaces as [Manifest['spaces'][number]]
    const recognisers = MANIFEST.models.filter(({ role }) => role === 'face-recogniser')
    const members = recognisers.map(({ id }, i) => ({ modelId: id, weight: i + 1 }))
    const manifest = { ...MANIFEST, spaces: [...MANIFEST.spaces, { ...space, id: 'third', members }] }
    const { template } = await analyseWith(
      manifest,
      'third',
      manifest.models.map(({ id }) => id),
    )
    expect(template.algorithm).to.match(/^third@[0-9a-f]{12}$/)
    expect(template.features).to.have.length(recognisers.reduce((sum, model) => sum + (model.featureCount ?? 0), 0))
  })

  it('is measured without a quality model: the least of all measures of the face', async () => {
    const installed = MANIFEST.models.filter(({ role }) => role !== 'face-quality' && role !== 'head-pose')
    const { quality } = await analyseWith(
      MANIFEST,
      MANIFEST.spaces.find(({ members }) => members.length === 1 && members[0]?.modelId === recogniser.id)?.id ?? '',
      installed.map(({ id }) => id),
    )
    expect(quality.algorithm).to.equal('measured')
    const measured = quality.components.filter(({ measure }) => measure !== 'several-faces')
    expect(quality.quality).to.equal(Math.min(...measured.map((component) => component.quality)))
    expect(measured.map(({ measure }) => measure)).to.not.include.members(['recognisability', 'yaw'])
  })
})
