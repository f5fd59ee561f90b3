import { mkdir, readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { FileTemplateCache } from '../../src/adapters/template-cache/file-template-cache.js'
import { packageRoot } from '../../src/cli/package-root.js'
import { withFaceSpace } from '../../src/compose-face-evaluation.js'
import { readConfig } from '../../src/config.js'
import { backgroundContext } from '../../src/domain/context.js'
import { extractSamples } from '../../src/services/calibration/extract-samples.js'
import { filesOfPairs } from '../../src/services/calibration/samples.js'
import { parsePairs } from '../../src/services/evaluation/pairs.js'

/** A person with the templates of their photographs, in the order of the files' names. */
export interface Person {
  readonly features: readonly Float32Array[]
}

/** Two sets of people of LFW's development view; nobody is in both. */
export interface Sides {
  /** Of pairsDevTest.txt, 963 people: the shipped calibrations are made of them. */
  readonly devTest: readonly Person[]
  /** Of pairsDevTrain.txt, 2,132 people. */
  readonly devTrain: readonly Person[]
}

/** What these commands take. */
const OPTIONS = {
  lfw: { type: 'string', default: join('..', 'shared', 'data', 'lfw-dev') },
  fvc: { type: 'string', default: join('..', 'shared', 'data', 'fvc-dev') },
  /** The calibration of fingers; the shipped one unless told. */
  finger: { type: 'string' },
  models: { type: 'string' },
  space: { type: 'string', default: 'ensemble' },
  cache: { type: 'string', default: join('data', 'evaluation-cache') },
} as const

export function readOptions() {
  return parseArgs({ options: OPTIONS }).values
}

/** Templates of all photographs that the two lists name; extracted once, then read from the cache. */
export async function readSides(options: ReturnType<typeof readOptions>): Promise<Sides> {
  const { lfw, space, models, cache } = options
  const config = readConfig({
    flags: { space, workers: String(availableParallelism()), ...(models === undefined ? {} : { models }) },
    environment: process.env,
    currentFolder: process.cwd(),
    packageRoot: packageRoot(),
  })
  await mkdir(cache, { recursive: true })
  const templates = await FileTemplateCache.open(cache)
  const read = (name: string) => readFile(join(lfw, 'images', name))
  const sides = await withFaceSpace({ root: packageRoot(), config, read, templates }, async ({ extract }) => {
    const context = backgroundContext('measure')
    const peopleOf = async (list: string): Promise<readonly Person[]> => {
      const { samples } = await extractSamples(
        {
          files: filesOfPairs(parsePairs(await readFile(join(lfw, list), 'utf8'))),
          read: (name) => Promise.resolve(new TextEncoder().encode(name)), // the space reads by name, and only what is not cached
          extract: (name) => extract(new TextDecoder().decode(name), context),
          concurrency: config.workerCount + 1,
          onProgress: () => undefined,
        },
        context,
      )
      const people = new Map<string, Float32Array[]>()
      for (const { person, features } of samples) people.set(person, [...(people.get(person) ?? []), features])
      return [...people.values()].map((features) => ({ features }))
    }
    return { devTest: await peopleOf('pairsDevTest.txt'), devTrain: await peopleOf('pairsDevTrain.txt') }
  })
  await templates.close()
  return sides
}
