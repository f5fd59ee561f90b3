import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { openFacePool } from '../../src/compose-service.js'
import { readConfig } from '../../src/config.js'
import { backgroundContext } from '../../src/domain/context.js'
import { dot } from '../../src/domain/template.js'
import { cosineDistractors } from '../../src/engines/simulation/distractor-source.js'
import { extractSamples, faceFeatures } from '../../src/services/calibration/extract-samples.js'
import { filesOfPairs } from '../../src/services/calibration/samples.js'
import { checkDistractors, trustOf, type DistractorCheck } from '../../src/services/evaluation/distractor-check.js'
import { parsePairs } from '../../src/services/evaluation/pairs.js'
import { seededRandom, shuffled } from '../../src/services/evaluation/random.js'
import { describeWithData, modelsOf, PACKAGE_ROOT } from '../support/weights.js'

// Goal: made-up strangers resemble real people as often as real strangers do. Method: a model of one half of the people of LFW's
// development view, held against the other half, and the reverse; one image each, with the quickest space. Once the halves are dealt
// from all people, and once they are LFW's two lists: those are different draws of people, and their rates differ by 1.5 at FMR 1e-4.
describeWithData('Distractors, on people whom the model was not fitted to', (dataFolder, weightsFolder) => {
  const context = backgroundContext('distractors')
  let lists: readonly (readonly Float32Array[])[]
  const shown: object[] = []

  before(async function () {
    this.timeout(300_000)
    lists = await templatesOf(join(dataFolder, 'lfw-dev'), weightsFolder)
  })
  after(() => console.table(shown))

  async function crossChecked([a, b]: readonly (readonly Float32Array[])[]): Promise<readonly DistractorCheck[]> {
    const check = (from: readonly Float32Array[], to: readonly Float32Array[]) =>
      checkDistractors({ source: cosineDistractors.fit(from, 1), templates: to, compare: dot, seed: 1 }, context)
    const checks = [await check(a!, b!), await check(b!, a!)]
    shown.push(...checks.flatMap(({ fmr, fpir }) => [...fmr, ...fpir].map(row)))
    return checks
  }

  it('have their rates: the mean over halves of all people, FMR down to 1e-4 and FPIR 0.1 and 0.03', async function () {
    this.timeout(300_000)
    const checks: DistractorCheck[] = []
    for (const seed of [1, 2, 3]) {
      const everybody = shuffled(lists.flat(), seededRandom(seed))
      checks.push(...(await crossChecked([everybody.slice(0, 1547), everybody.slice(1547)])))
    }
    const ratios = checks.map(({ fmr, fpir }) =>
      [...fmr.slice(0, 3), ...fpir.slice(0, 2)].map(({ ratio }) => ratio.rate),
    )
    const means = ratios[0]!.map((_, i) =>
      Math.exp(ratios.reduce((sum, of) => sum + Math.log(of[i]!), 0) / ratios.length),
    )
    for (const mean of means) expect(mean).to.be.within(1 / 1.3, 1.3)
    expect(Math.max(...checks.map((check) => trustOf([check])?.fmr ?? 1))).to.be.at.most(1e-4)
  })

  it('stay within a factor of 3 of other draws of people: the two lists', async function () {
    this.timeout(120_000)
    const checks = await crossChecked(lists)
    expect(checks.map(({ personCount }) => personCount)).to.deep.equal([2132, 963])
    const trust = trustOf(checks)
    expect(trust?.fmr).to.be.at.most(1e-4)
    expect(trust?.factor).to.be.at.most(3)
    for (const { fpir } of checks)
      for (const { ratio, realRate } of fpir.slice(0, 2)) expect(ratio.rate, `of ${realRate}`).to.be.within(1 / 3, 3)
  })
})

function row({ realRate, ratio: { rate, lower95, upper95 } }: DistractorCheck['fmr'][number]): object {
  const short = (value: number) => Number(value.toPrecision(3))
  return { real: short(realRate), ratio: short(rate), from: short(lower95), to: short(upper95) }
}

/** One template of each person, by list. */
async function templatesOf(lfwFolder: string, weightsFolder: string): Promise<readonly (readonly Float32Array[])[]> {
  const config = readConfig({
    flags: { workers: String(availableParallelism()), models: weightsFolder },
    environment: {},
    currentFolder: PACKAGE_ROOT,
    packageRoot: PACKAGE_ROOT,
  })
  const context = backgroundContext('distractors')
  const analyser = await openFacePool(modelsOf('mobilefacenet'), config)
  const lists: (readonly Float32Array[])[] = []
  try {
    for (const list of ['pairsDevTest.txt', 'pairsDevTrain.txt']) {
      const seen = new Set<string>()
      const files = filesOfPairs(parsePairs(await readFile(join(lfwFolder, list), 'utf8')))
      const { samples } = await extractSamples(
        {
          files: files.filter(({ person }) => !seen.has(person) && seen.add(person)),
          read: (name) => readFile(join(lfwFolder, 'images', name)),
          extract: faceFeatures(analyser, context),
          concurrency: config.workerCount + 1,
          onProgress: () => undefined,
        },
        context,
      )
      lists.push(samples.map(({ features }) => features))
    }
  } finally {
    await analyser.close()
  }
  return lists
}
