import { mkdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { findData, readSample, type CalibrationData } from './calibration-data.js'
import { calibrationReport } from './calibration-report.js'
import type { CalibrateOptions, EvaluationProgress, EvaluationReport } from './cli/dependencies.js'
import { asReport } from './compose-evaluation.js'
import { readFingerMatcher } from './compose-finger.js'
import { openFacePool, readInstallation } from './compose-service.js'
import type { Config } from './config.js'
import { backgroundContext } from './domain/context.js'
import { DomainError, invalid } from './domain/errors.js'
import { dot } from './domain/template.js'
import { compareAll } from './engines/calibration/compare-all.js'
import type { CalibrationContent } from './engines/calibration/content.js'
import { writeCalibration } from './engines/calibration/file.js'
import { fitCalibration } from './engines/calibration/fit.js'
import { FingerComparer } from './engines/finger/comparer.js'
import { prepareFinger } from './engines/finger/features.js'
import { readFingerRecord } from './engines/finger/formats/read.js'
import { normaliseView } from './engines/finger/normalise.js'
import { CALIBRATION_FOLDER } from './read-calibration.js'
import { extractSamples, faceFeatures, type ExtractedSamples } from './services/calibration/extract-samples.js'
import { seededRandom } from './services/index-check/seeded.js'

/** What the samples of one modality say of its space. */
interface Compared {
  readonly algorithm: string
  readonly failureCount: number
  readonly compared: Awaited<ReturnType<typeof compareAll>>
}

/** Where the command runs. */
export interface CalibrationPlace {
  /** The folder of the package. */
  readonly root: string
  readonly config: Config
  readonly currentFolder: string
}

/** `portcullis calibrate`: `files → templates → comparisons → fit → file`. @throws DomainError */
export async function calibrate(
  { root: packageRoot, config, currentFolder }: CalibrationPlace,
  given: CalibrateOptions,
  onProgress: EvaluationProgress,
): Promise<EvaluationReport> {
  const options = absolute(given, currentFolder)
  const date = checkedDate(options.date)
  const data = await findData(options)
  const found = await (options.modality === 'finger'
    ? compareFingers(packageRoot, data, onProgress)
    : compareFaces(packageRoot, config, data, onProgress))
  const space = found.algorithm.split('@')[0]!
  const content = fitCalibration({
    algorithm: found.algorithm,
    source: {
      data: options.description ?? data.name,
      failuresToExtract: found.failureCount,
      date: date ?? data.date,
      command: commandOf(options, space, date ?? data.date),
    },
    compared: found.compared,
    lowestFmr: options.lowestFmr ?? null,
    marginDecades: options.marginDecades ?? 0,
    seed: options.seed,
    random: seededRandom(options.seed),
  })
  const file = options.out ?? join(packageRoot, CALIBRATION_FOLDER, `${space}.json`)
  await write(file, content)
  return asReport({ report: calibrationReport(content), evaluation: { file, ...content } })
}

function absolute(options: CalibrateOptions, currentFolder: string): CalibrateOptions {
  const path = (name: string) => resolve(currentFolder, name)
  const out = options.out === undefined ? {} : { out: path(options.out) }
  if ('pairs' in options) return { ...options, ...out, pairs: path(options.pairs), images: path(options.images) }
  return { ...options, ...out, folder: path(options.folder) }
}

async function compareFaces(
  packageRoot: string,
  config: Config,
  { folder, files }: CalibrationData,
  onProgress: EvaluationProgress,
): Promise<Compared> {
  const context = backgroundContext('calibrate')
  const { models } = await readInstallation(packageRoot, config)
  const analyser = await openFacePool(models, config)
  try {
    const extracted = await extractSamples(
      {
        files,
        read: (name) => readSample(folder, name),
        extract: faceFeatures(analyser, context),
        concurrency: config.workerCount + 1,
        onProgress,
      },
      context,
    )
    return await compared(models.algorithm.algorithm, extracted, dot, () => undefined)
  } finally {
    await analyser.close()
  }
}

async function compareFingers(
  packageRoot: string,
  { folder, files }: CalibrationData,
  onProgress: EvaluationProgress,
): Promise<Compared> {
  const { model, algorithm } = await readFingerMatcher(packageRoot)
  const comparer = new FingerComparer(model)
  const extracted = await extractSamples(
    {
      files,
      read: (name) => readSample(folder, name),
      extract: async (bytes) =>
        prepareFinger(normaliseView(readFingerRecord(bytes, { mode: 'lenient' }).views[0]!), model),
      concurrency: 1,
      onProgress: () => undefined, // reading is quick, comparing is not
    },
    backgroundContext('calibrate'),
  )
  return compared(algorithm.algorithm, extracted, comparer.compare.bind(comparer), onProgress)
}

async function compared<Features>(
  algorithm: string,
  { samples, failureCount }: ExtractedSamples<Features>,
  compare: (probe: Features, reference: Features) => number,
  onProgress: EvaluationProgress,
): Promise<Compared> {
  const all = await compareAll(samples, compare, onProgress, backgroundContext('calibrate'))
  return { algorithm, failureCount, compared: all }
}

function checkedDate(date: string | undefined): string | undefined {
  if (date === undefined || (/^\d{4}-\d\d-\d\d$/.test(date) && !Number.isNaN(Date.parse(date)))) return date
  throw invalid('date', 'a date YYYY-MM-DD', 'something else')
}

/** What makes the file again. Files by their bare names: a path may tell who works where. */
function commandOf(options: CalibrateOptions, space: string, date: string): string {
  const words =
    'pairs' in options
      ? ['--space', space, '--pairs', basename(options.pairs), '--images', basename(options.images)]
      : options.modality === 'finger'
        ? ['--modality', 'finger', '--folder', basename(options.folder)]
        : ['--space', space, '--folder', basename(options.folder)]
  if (options.description !== undefined) words.push('--data-name', `"${options.description}"`)
  if (options.marginDecades !== undefined) words.push('--margin', String(options.marginDecades))
  return ['portcullis', 'calibrate', ...words, '--date', date, '--seed', String(options.seed)].join(' ')
}

async function write(file: string, content: CalibrationContent): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, writeCalibration(content))
  } catch (cause) {
    throw new DomainError('INVALID_ARGUMENT', 'a file that can be written', 'none', { field: 'out', cause })
  }
}
