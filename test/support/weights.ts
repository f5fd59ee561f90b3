import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readManifest } from '../../src/adapters/manifest/read-manifest.js'
import { verifyModels } from '../../src/adapters/models/verify.js'
import { chooseFaceModels, type FaceModels } from '../../src/engines/face/models.js'
import { without } from './without.js'

/** The checkout: tests are compiled to dist/test/support. */
export const PACKAGE_ROOT = resolve(fileURLToPath(new URL('../../..', import.meta.url)))

export const MANIFEST = readManifest(join(PACKAGE_ROOT, 'models', 'manifest.json'))

const WEIGHTS_FOLDERS = [
  join(PACKAGE_ROOT, 'models', 'weights'),
  process.env.PORTCULLIS_MODELS_MIRROR ?? '',
  resolve(PACKAGE_ROOT, '..', 'shared', 'models'),
]
const DATA_FOLDER = resolve(PACKAGE_ROOT, '..', 'shared', 'data')

const weightsFolder = await findWeights()
/** Where the service looks when nobody tells it: what lies there, and the weights that the package ships. */
const folderAtHand = weightsFolder ?? join(PACKAGE_ROOT, 'models', 'weights')
const idsAtHand = (await verifyModels(MANIFEST, folderAtHand))
  .filter(({ state }) => state === 'installed')
  .map(({ model }) => model.id)
const dataFolder = existsSync(join(DATA_FOLDER, 'lfw-dev')) ? DATA_FOLDER : null

/** The models that a service would choose on this machine: the strongest that are installed, else our own. */
export const MODELS_AT_HAND: FaceModels = chooseFaceModels(MANIFEST, new Set(idsAtHand), '')

/** What a fresh clone has: the package's own detector and recogniser, nothing else. */
export const SHIPPED_MODELS: FaceModels = chooseFaceModels(
  MANIFEST,
  new Set(MANIFEST.models.filter(({ shippedFolder }) => shippedFolder !== undefined).map(({ id }) => id)),
  'own',
)

/** A suite that runs the product with the weights of this machine; never skipped, because the package ships some. */
export function describeWithModels(title: string, suite: (weightsFolder: string) => void): void {
  describe(`${title} (${MODELS_AT_HAND.space.id})`, () => suite(folderAtHand))
}

/** A suite that needs others' weights. Without them it is skipped, and says so; on a CI machine it fails instead. */
export function describeWithWeights(title: string, suite: (weightsFolder: string) => void): void {
  if (weightsFolder !== null) describe(title, () => suite(weightsFolder))
  else without(title, 'the stronger weights: `npx portcullis models install recommended` brings them')
}

/** A suite that measures on evaluation data, with weights; the data is nobody's to ship. */
export function describeWithData(title: string, suite: (dataFolder: string, weightsFolder: string) => void): void {
  if (dataFolder === null) without(title, `the evaluation data: lfw-dev belongs into ${DATA_FOLDER}`)
  else describeWithWeights(title, (weights) => suite(dataFolder, weights))
}

/** A suite over photographs of one face each: the project's samples, or LFW's where those are not made yet. */
export function describeWithFaces(
  title: string,
  suite: (files: readonly string[], weightsFolder: string) => void,
): void {
  const files = imageFiles(join(PACKAGE_ROOT, 'samples', 'subjects'), join(DATA_FOLDER, 'lfw-dev', 'images'))
  if (files.length < 4) without(title, 'photographs: `samples/subjects` has none')
  else describeWithModels(title, (weights) => suite(files, weights))
}

/** Paths of the photographs in the first folder that has any, in alphabetical order. */
export function imageFiles(...folders: readonly string[]): readonly string[] {
  for (const folder of folders.filter((candidate) => existsSync(candidate))) {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    const images = names.filter((name) => /\.(jpe?g|png|webp|tiff?)$/i.test(name))
    if (images.length > 0) return images.sort().map((name) => join(folder, name))
  }
  return []
}

/** The models of one space of the shipped manifest, all of them installed. */
export function modelsOf(spaceId: string): FaceModels {
  return chooseFaceModels(MANIFEST, new Set(MANIFEST.models.map((model) => model.id)), spaceId)
}

/** The shipped models with a space of the test's own: weights by recogniser. */
export function modelsWith(weights: Readonly<Record<string, number>>, mirror: boolean): FaceModels {
  const [shipped] = MANIFEST.spaces
  if (shipped === undefined) throw new Error('the manifest has no space')
  const members = Object.entries(weights).map(([modelId, weight]) => ({ modelId, weight }))
  const manifest = { ...MANIFEST, spaces: [{ ...shipped, id: 'test', members, mirror }] }
  return chooseFaceModels(manifest, new Set(MANIFEST.models.map((model) => model.id)), 'test')
}

async function findWeights(): Promise<string | null> {
  for (const folder of WEIGHTS_FOLDERS) {
    if (!existsSync(folder) || readdirSync(folder).length === 0) continue
    const checks = await verifyModels(MANIFEST, folder)
    if (checks.every(({ state }) => state === 'installed')) return folder
  }
  return null
}
