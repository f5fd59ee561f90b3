import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { openFacePool, readInstallation } from '../../src/compose-service.js'
import { readConfig } from '../../src/config.js'
import { backgroundContext } from '../../src/domain/context.js'
import type { OpenSetMeasures } from '../../src/services/evaluation/open-set-measures.js'
import { parsePairs } from '../../src/services/evaluation/pairs.js'
import { evaluateVerification, type VerificationEvaluation } from '../../src/services/evaluation/verification.js'
import { everybodyEnrolled, ORIENTATION_COUNT, type EverybodyEnrolled } from './open-set.js'
import { markdownTable } from './statistics.js'

const SPACES = ['ensemble', 'ensemble-mirror', 'retail-0095', 'mobilefacenet'] as const

/** Of the open-set table. */
const TARGET_FPIRS = [0.1, 0.03, 0.01] as const

/**
 * Every space of the manifest on LFW's development view. Verification: accuracy on `pairsDevTest.txt`, thresholds and true match
 * rates at stated false match rates on the other people of `pairsDevTrain.txt`. Identification: all people of both lists enrolled.
 */
export async function benchAccuracy(root: string): Promise<string> {
  const folder = resolve(root, process.env.LFW_DEV ?? join('..', 'shared', 'data', 'lfw-dev'))
  if (!existsSync(folder)) throw new Error('LFW’s development view is needed: name its folder in LFW_DEV')
  const rows: string[][] = []
  const searchRows: string[][] = []
  for (const space of SPACES) {
    const templates = new Map<string, Float32Array>()
    const test = await evaluate(root, space, { folder, pairs: 'pairsDevTest.txt', templates })
    const train = await evaluate(root, space, { folder, pairs: 'pairsDevTrain.txt', templates })
    rows.push([space, ...accuracyCells(test), ...[1e-3, 1e-4, 1e-5].map((fmr) => operatingCell(train, fmr))])
    searchRows.push([space, ...searchCells(await everybodyEnrolled(templates)), msAnImage(train)])
  }
  return [
    'Accuracy, TMR and failures on `pairsDevTest.txt` (1,000 pairs, 10-fold); the last columns are TMR at the score threshold that',
    'gives that FMR over all comparisons of different people of `pairsDevTrain.txt`.',
    '',
    markdownTable([[...HEAD, 'FMR 1e-3', 'FMR 1e-4', 'FMR 1e-5'], ...rows]),
    '',
    'Open-set search: all 3,095 people of both lists enrolled by their first image, their 1,897 further images searched; false positives',
    'are of the 1,930 people with one image, each searched while left out of the gallery. FNIR with the mate at rank 1 and at or above the',
    `threshold for the FPIR, % with 95 % intervals over people; the last columns among ${ORIENTATION_COUNT} references, filled up with distractors.`,
    '',
    markdownTable([
      [
        'space',
        ...TARGET_FPIRS.map((fpir) => `FNIR @ FPIR ${fpir}`),
        ...TARGET_FPIRS.map((fpir) => `N = ${ORIENTATION_COUNT}, ${fpir}`),
        'ms an image',
      ],
      ...searchRows,
    ]),
  ].join('\n')
}

const HEAD = ['space', 'accuracy', 'TMR @ FMR 1e-3', 'failures to extract', 'extract ms']

interface LfwList {
  readonly folder: string
  readonly pairs: string
  /** Takes the templates by name. */
  readonly templates: Map<string, Float32Array>
}

async function evaluate(
  root: string,
  space: string,
  { folder, pairs, templates }: LfwList,
): Promise<VerificationEvaluation> {
  const config = readConfig({ flags: { space }, environment: {}, currentFolder: root, packageRoot: root })
  const { models } = await readInstallation(root, config)
  const analyser = await openFacePool(models, config)
  const names = new WeakMap<Uint8Array, string>()
  try {
    const input = {
      list: parsePairs(await readFile(join(folder, pairs), 'utf8')),
      analyser,
      multiFace: 'most-central',
      readImage: async (name: string) => {
        const image = await readFile(join(folder, 'images', name))
        names.set(image, name)
        return image
      },
      remember: async (image: Uint8Array, extract: () => Promise<Float32Array | null>) => {
        const features = await extract()
        if (features !== null) templates.set(names.get(image)!, features)
        return features
      },
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

function searchCells({ real, filledUp }: EverybodyEnrolled): readonly string[] {
  const cell = (measures: OpenSetMeasures, fpir: number) => {
    const rate = measures.fpirPoints.find(({ targetFpir }) => targetFpir === fpir)?.fnirRank1
    return rate == null ? 'too few' : `${hundredth(rate.rate)} (${hundredth(rate.lower95)}–${hundredth(rate.upper95)})`
  }
  return [real, filledUp].flatMap((measures) => TARGET_FPIRS.map((fpir) => cell(measures, fpir)))
}

function hundredth(rate: number): string {
  return (rate * 100).toFixed(1)
}

/** From the file to the template: the sum of the stages' medians. */
function msAnImage({ medianMs }: VerificationEvaluation): string {
  return Object.values(medianMs)
    .reduce((sum, ms) => sum + ms, 0)
    .toFixed(0)
}

function operatingCell({ operatingPoints }: VerificationEvaluation, fmr: number): string {
  const point = operatingPoints.find((candidate) => candidate.fmr === fmr)
  return point === undefined ? 'too few' : `${point.tmr.toFixed(4)} (score ≥ ${point.score.toFixed(4)})`
}
