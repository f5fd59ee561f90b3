import { readdir, readFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { FileTemplateCache } from './adapters/template-cache/file-template-cache.js'
import { readCsv } from './cli/enrol/read-csv.js'
import type {
  EvaluateOptions,
  EvaluationProgress,
  EvaluationReport,
  IdentificationOptions,
} from './cli/dependencies.js'
import { verifyFaces, withFaceSpace } from './compose-face-evaluation.js'
import { verifyFingers, withFingerSpace } from './compose-finger-evaluation.js'
import type { Config, ConfigFlags } from './config.js'
import { backgroundContext } from './domain/context.js'
import { DomainError, invalid } from './domain/errors.js'
import { findCalibration } from './read-calibration.js'
import { evaluateIdentification, type IdentificationEvaluation } from './services/evaluation/identification.js'
import type { EvaluationSpace } from './services/evaluation/open-set-searches.js'
import { reportHtml } from './services/evaluation/report/html.js'
import { identificationReport } from './services/evaluation/report/identification-report.js'
import { reportMarkdown } from './services/evaluation/report/markdown.js'
import type { Report } from './services/evaluation/report/report.js'

/** Where things lie on this machine. */
export interface EvaluationPlace {
  readonly root: string
  readonly currentFolder: string
  readonly configOf: (flags: ConfigFlags) => Config
}

/** `portcullis evaluate …` made of concrete parts. */
export function evaluationCommands(place: EvaluationPlace) {
  const { root, currentFolder, configOf } = place
  return {
    async evaluateVerification(options: EvaluateOptions, onProgress: EvaluationProgress): Promise<EvaluationReport> {
      if (options.modality === 'finger')
        return asReport(await verifyFingers(root, resolve(currentFolder, options.folder), onProgress))
      const { modality: _, pairs, images, cache, ...flags } = options
      const config = configOf(flags)
      const list = await readGiven(resolve(currentFolder, pairs), 'pairs')
      const readImage = (name: string) => readInside(resolve(currentFolder, images), name, 'pairs')
      return withCache(cacheFolder(cache, config, currentFolder), async (templates) =>
        asReport(await verifyFaces({ root, config, list, readImage, templates, onProgress })),
      )
    },
    evaluateIdentification: (options: IdentificationOptions, onProgress: EvaluationProgress) =>
      identification(place, options, onProgress),
  }
}

async function identification(
  { root, currentFolder, configOf }: EvaluationPlace,
  options: IdentificationOptions,
  onProgress: EvaluationProgress,
): Promise<EvaluationReport> {
  const { modality, folder: given, seed, enrolFraction, distractors, groups: groupsFile, cache, ...flags } = options
  const config = configOf(flags)
  const folder = resolve(currentFolder, given)
  const names = await namesIn(folder)
  const groups = groupsFile === undefined ? null : await readGroups(resolve(currentFolder, groupsFile))
  const work = async <Features>(space: EvaluationSpace<Features>): Promise<IdentificationEvaluation> =>
    evaluateIdentification(
      {
        ...{ modality, names, space, groups, seed, enrolFraction, onProgress },
        distractorCount: distractors ?? 0,
        calibration: (await findCalibration(root, space.algorithm)).calibration,
        concurrency: config.workerCount + 1,
      },
      backgroundContext('evaluate'),
    )
  const read = (name: string) => readInside(folder, name, 'folder')
  const evaluation = await withCache(cacheFolder(cache, config, currentFolder), (templates) =>
    modality === 'face'
      ? withFaceSpace({ root, config, read, templates }, work)
      : withFingerSpace({ root, config, read, templates }, work),
  )
  return asReport({ report: identificationReport(evaluation), evaluation })
}

/** A report that is drawn only when somebody asks for its file. */
export function asReport({
  report,
  evaluation,
}: {
  readonly report: Report
  readonly evaluation: object
}): EvaluationReport {
  return {
    report,
    json: evaluation,
    async render(format) {
      if (format === 'json') return `${JSON.stringify(evaluation, null, 2)}\n`
      if (format === 'md') return reportMarkdown(report)
      const { drawPlot } = await import('./adapters/plots/draw-plot.js') // a big package, which other commands need not load
      return reportHtml(report, drawPlot)
    },
  }
}

async function withCache<Result>(
  folder: string,
  work: (templates: FileTemplateCache) => Promise<Result>,
): Promise<Result> {
  const cache = await FileTemplateCache.open(folder)
  try {
    return await work(cache)
  } finally {
    await cache.close()
  }
}

function cacheFolder(given: string | undefined, config: Config, currentFolder: string): string {
  return given === undefined ? join(config.dataFolder, 'evaluation-cache') : resolve(currentFolder, given)
}

/** Files of a folder and of its sub-folders, no deeper; as `peopleOf` reads them. */
async function namesIn(folder: string): Promise<readonly string[]> {
  const names: string[] = []
  for (const entry of await list(folder))
    if (entry.isFile()) names.push(entry.name)
    else if (entry.isDirectory())
      for (const inner of await list(join(folder, entry.name)))
        if (inner.isFile()) names.push(`${entry.name}/${inner.name}`)
  return names
}

async function list(folder: string) {
  return readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new DomainError('INVALID_ARGUMENT', 'a readable folder', 'one that cannot be read', {
      field: 'folder',
      cause,
    })
  })
}

/** Columns person, group. */
async function readGroups(path: string): Promise<ReadonlyMap<string, string>> {
  const groups = new Map<string, string>()
  for await (const { line, cells } of readCsv(path, ['person', 'group'], [])) {
    const { person = '', group = '' } = cells
    if (person === '' || group === '' || groups.has(person))
      throw invalid('groups', `a person once, and a group, in line ${line} of the CSV`, 'something else')
    groups.set(person, group)
  }
  return groups
}

/** A file of a folder; names that lead out of it are refused. */
async function readInside(folder: string, name: string, field: string): Promise<Uint8Array> {
  const path = resolve(folder, name)
  if (relative(folder, path).startsWith('..'))
    throw invalid(field, 'files inside the folder', 'a path that leads out of it')
  return readFile(path).catch((cause: unknown) => {
    throw new DomainError('INVALID_ARGUMENT', 'every sample in the folder', 'one that is missing', {
      field: field === 'pairs' ? 'images' : field,
      cause,
    })
  })
}

async function readGiven(path: string, field: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new DomainError('INVALID_ARGUMENT', 'a readable file', 'one that cannot be read', { field, cause })
  })
}
