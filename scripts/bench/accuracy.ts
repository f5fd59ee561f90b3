import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { openFacePool, readInstallation } from '../../src/compose-service.js'
import { readConfig } from '../../src/config.js'
import { backgroundContext } from '../../src/domain/context.js'
import type { OpenSetMeasures } from '../../src/services/evaluation/open-set-measures.js'
import { parsePairs } from '../../src/services/evaluation/pairs.js'
import { evaluateVerification, type VerificationEvaluation } from '../../src/services/evaluation/verification.js'
import { imageTimes, type SpaceSetting } from './image-time.js'
import { everybodyEnrolled, ORIENTATION_COUNT, type EverybodyEnrolled } from './open-set.js'
import { markdownTable } from './statistics.js'

/** By the name of its row. The space `own` is measured as a fresh clone has it: with the package's own detector too. */
const SPACES: readonly SpaceSetting[] = [
  ...['ensemble', 'ensemble-mirror', 'retail-0095', 'mobilefacenet'].map((space) => ({ row: space, flags: { space } })),
  { row: 'own, own detector', flags: { space: 'own', models: '/nonexistent' } },
]

/** Images that are timed. */
const TIMED_COUNT = 65
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
  const times = await imageTimes(root, SPACES, await someImages(folder))
  for (const { row, flags } of SPACES) {
    const templates = new Map<string, Float32Array>()
    const test = await evaluate(root, flags, { folder, pairs: 'pairsDevTest.txt', templates })
    const train = await evaluate(root, flags, { folder, pairs: 'pairsDevTrain.txt', templates })
    rows.push([row, ...accuracyCells(test), ...[1e-3, 1e-4, 1e-5].map((fmr) => operatingCell(train, fmr))])
    searchRows.push([row, ...searchCells(await everybodyEnrolled(templates)), times.get(row)!.toFixed(0)])
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
    'Time: from the bytes of an image to its template, one after the other, the spaces in turns.',
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

/** The first image of some people. */
async function someImages(folder: string): Promise<readonly Uint8Array[]> {
  const { pairs } = parsePairs(await readFile(join(folder, 'pairsDevTest.txt'), 'utf8'))
  return Promise.all(pairs.slice(0, TIMED_COUNT).map(({ probe }) => readFile(join(folder, 'images', probe))))
}

async function evaluate(
  root: string,
  flags: SpaceSetting['flags'],
  { folder, pairs, templates }: LfwList,
): Promise<VerificationEvaluation> {
  const config = readConfig({ flags, environment: {}, currentFolder: root, packageRoot: root })
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

function operatingCell({ operatingPoints }: VerificationEvaluation, fmr: number): string {
  const point = operatingPoints.find((candidate) => candidate.fmr === fmr)
  return point === undefined ? 'too few' : `${point.tmr.toFixed(4)} (score ≥ ${point.score.toFixed(4)})`
}
