import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { openFacePool, readInstallation } from '../../src/compose-service.js'
import { readConfig } from '../../src/config.js'
import { backgroundContext } from '../../src/domain/context.js'
import { parsePairs } from '../../src/services/evaluation/pairs.js'
import { evaluateVerification, type VerificationEvaluation } from '../../src/services/evaluation/verification.js'
import { markdownTable } from './statistics.js'

const SPACES = ['ensemble', 'ensemble-mirror', 'retail-0095', 'mobilefacenet'] as const

/**
 * Verification with every space of the manifest on LFW's development view: accuracy on `pairsDevTest.txt`, thresholds and
 * true match rates at stated false match rates on the other people of `pairsDevTrain.txt`.
 */
export async function benchAccuracy(root: string): Promise<string> {
  const folder = resolve(root, process.env.LFW_DEV ?? join('..', 'shared', 'data', 'lfw-dev'))
  if (!existsSync(folder)) throw new Error('LFW’s development view is needed: name its folder in LFW_DEV')
  const rows: string[][] = []
  for (const space of SPACES) {
    const test = await evaluate(root, space, folder, 'pairsDevTest.txt')
    const train = await evaluate(root, space, folder, 'pairsDevTrain.txt')
    rows.push([space, ...accuracyCells(test), ...[1e-3, 1e-4, 1e-5].map((fmr) => operatingCell(train, fmr))])
  }
  const head = ['space', 'accuracy', 'TMR @ FMR 1e-3', 'failures to extract', 'extract ms']
  return [
    'Accuracy, TMR and failures on `pairsDevTest.txt` (1,000 pairs, 10-fold); the last columns are TMR at the score threshold that',
    'gives that FMR over all comparisons of different people of `pairsDevTrain.txt`.',
    '',
    markdownTable([[...head, 'FMR 1e-3', 'FMR 1e-4', 'FMR 1e-5'], ...rows]),
  ].join('\n')
}

async function evaluate(root: string, space: string, folder: string, pairs: string): Promise<VerificationEvaluation> {
  const config = readConfig({ flags: { space }, environment: {}, currentFolder: root, packageRoot: root })
  const { models } = await readInstallation(root, config)
  const analyser = await openFacePool(models, config)
  try {
    const input = {
      list: parsePairs(await readFile(join(folder, pairs), 'utf8')),
      analyser,
      multiFace: 'most-central',
      readImage: (name: string) => readFile(join(folder, 'images', name)),
      calibration: null,
      concurrency: config.workerCount + 1,
      onProgress: () => undefined,
    } as const
    return await evaluateVerification(input, backgroundContext('bench'))
  } finally {
    await analyser.close()
  }
}

function accuracyCells(test: VerificationEvaluation): readonly string[] {
  const { accuracy, accuracyStandardError, tmrAtFmr1e3, failuresToExtract, medianMs } = test
  return [
    `${accuracy.toFixed(4)} ± ${accuracyStandardError.toFixed(4)}`,
    tmrAtFmr1e3.toFixed(3),
    String(failuresToExtract),
    (medianMs.extract ?? 0).toFixed(1),
  ]
}

function operatingCell({ operatingPoints }: VerificationEvaluation, fmr: number): string {
  const point = operatingPoints.find((candidate) => candidate.fmr === fmr)
  return point === undefined ? 'too few' : `${point.tmr.toFixed(4)} (score ≥ ${point.score.toFixed(4)})`
}
