import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { PooledFaceAnalyser } from '../../../src/adapters/workers/face-pool.js'
import type { FacePipelineOptions } from '../../../src/compose-face.js'
import { backgroundContext } from '../../../src/domain/context.js'
import { parsePairs } from '../../../src/services/evaluation/pairs.js'
import { evaluateVerification, type VerificationEvaluation } from '../../../src/services/evaluation/verification.js'
import type { FaceModels } from '../../../src/engines/face/models.js'
import { describeWithData, modelsOf, SHIPPED_MODELS } from '../../support/weights.js'

// Goal: the shipped recognisers recognise, as their authors measured them; a wrong channel order, alignment or mean costs
// percents. Method: the development view of LFW (1,000 pairs). It says nothing about 1:N at the size of a watchlist.
// Our own small one, with our own detector, is held to what it was made for.
const ACCURACY_MIN: readonly (readonly [FaceModels, number])[] = [
  [modelsOf('retail-0095'), 0.985],
  [modelsOf('ensemble'), 0.985],
  [SHIPPED_MODELS, 0.93],
]

describeWithData('LFW development view, verification', (dataFolder, weightsFolder) => {
  const images = join(dataFolder, 'lfw-dev', 'images')
  const results: VerificationEvaluation[] = []

  for (const [models, accuracyMin] of ACCURACY_MIN)
    it(`is right about at least ${accuracyMin * 100} % of the pairs (${models.space.id}, ${models.detector.id})`, async function () {
      this.timeout(300_000)
      const result = await evaluate(models)
      results.push(result)
      expect(result).to.include({ matedCount: 500, nonMatedCount: 500 })
      expect(result.failuresToExtract).to.be.at.most(2)
      expect(result.accuracy).to.be.at.least(accuracyMin)
    })

  after(() => {
    console.table(results.map(row))
  })

  async function evaluate(models: FaceModels): Promise<VerificationEvaluation> {
    const workerCount = availableParallelism()
    const analyser = await PooledFaceAnalyser.open({
      entry: new URL('../../../src/face-worker.js', import.meta.url),
      workerData: { models, weightsFolder } satisfies FacePipelineOptions,
      algorithm: models.algorithm,
      workerCount,
      queueLengthMax: workerCount,
    })
    try {
      return await evaluateVerification(
        {
          list: parsePairs(await readFile(join(dataFolder, 'lfw-dev', 'pairsDevTest.txt'), 'utf8')),
          analyser,
          multiFace: 'most-central', // the person whom the file is named after stands in the middle
          readImage: (name) => readFile(join(images, name)),
          calibration: null,
          concurrency: 2 * workerCount,
          onProgress: () => undefined,
        },
        backgroundContext('lfw'),
      )
    } finally {
      await analyser.close()
    }
  }
})

function row(result: VerificationEvaluation) {
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`
  const { detect = NaN, extract = NaN } = result.medianMs
  return {
    space: result.algorithm,
    accuracy: `${percent(result.accuracy)} ± ${percent(result.accuracyStandardError)}`,
    'TMR at FMR 1e-3': percent(result.tmrAtFmr1e3),
    'failures to extract': result.failuresToExtract,
    'detect, ms': detect.toFixed(1),
    'extract, ms': extract.toFixed(1),
  }
}
