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
import { describeWithData, modelsOf, PACKAGE_ROOT } from '../support/weights.js'

// Goal: made-up strangers resemble real people as often as real strangers do. Method: a model of the people of one list of LFW's
// development view, held against the people of the other, and the reverse; one image each, with the quickest space.
describeWithData('Distractors, on people whom the model was not fitted to', (dataFolder, weightsFolder) => {
  const context = backgroundContext('distractors')
  let checks: readonly DistractorCheck[]

  before(async function () {
    this.timeout(300_000)
    const [test, train] = await templatesOf(join(dataFolder, 'lfw-dev'), weightsFolder)
    const check = (from: readonly Float32Array[], to: readonly Float32Array[]) =>
      checkDistractors({ source: cosineDistractors.fit(from, 1), templates: to, compare: dot, seed: 1 }, context)
    checks = [await check(test!, train!), await check(train!, test!)]
  })
  after(() => checks.forEach(({ fmr, fpir }) => console.table([...fmr, ...fpir].map(row))))

  it('have the real false match rates down to 1e-4, within a factor of 3 with the interval', () => {
    expect(checks.map(({ personCount }) => personCount)).to.deep.equal([2132, 963])
    const trust = trustOf(checks)
    expect(trust?.fmr).to.be.at.most(1e-4)
    for (const { fmr } of checks)
      for (const { ratio } of fmr.filter(({ realRate }) => realRate > 9e-5)) expect(ratio.rate).to.be.within(0.5, 2)
  })

  it('reach as many probes in a search: FPIR 0.1 and 0.03 within a factor of 2', () => {
    for (const { fpir } of checks)
      for (const { ratio } of fpir.filter(({ realRate }) => realRate > 0.02)) expect(ratio.rate).to.be.within(0.5, 2)
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
