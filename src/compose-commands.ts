import { readFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { pinoLogger } from './adapters/log/pino-logger.js'
import { readManifest } from './adapters/manifest/read-manifest.js'
import { installModels } from './adapters/models/install.js'
import { verifyModels } from './adapters/models/verify.js'
import type {
  CliDependencies,
  EvaluationReport,
  ExtractorTestOptions,
  FaceEvaluateOptions,
  LocalOptions,
  RunningService,
} from './cli/dependencies.js'
import { examine } from './cli/doctor.js'
import type { Terminal } from './cli/terminal.js'
import { calibrate } from './compose-calibration.js'
import { createExtractor, templateParser } from './compose-extractor.js'
import { evaluateFingers } from './compose-finger-evaluation.js'
import { templateTools } from './compose-finger.js'
import { openFacePool, openService, readInstallation } from './compose-service.js'
import { readConfig, type Config, type ConfigFlags } from './config.js'
import { backgroundContext } from './domain/context.js'
import { DomainError } from './domain/errors.js'
import { parsePairs } from './services/evaluation/pairs.js'
import { testExtractor, type ConformanceReport } from './services/extractor/conformance.js'
import { evaluateVerification, type VerificationEvaluation } from './services/evaluation/verification.js'

export interface Surroundings {
  /** The folder of the package: holds models/, proto/ and samples/. */
  readonly root: string
  readonly version: string
  readonly terminal: Terminal
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly currentFolder: string
}

/** What the commands do on this machine, made of concrete parts. */
export function commandDependencies(surroundings: Surroundings): CliDependencies {
  const { root, version, terminal, environment, currentFolder } = surroundings
  const configOf = (flags: ConfigFlags) => readConfig({ flags, environment, currentFolder, packageRoot: root })
  const manifest = () => readManifest(join(root, 'models', 'manifest.json'))
  return {
    version,
    terminal,
    environment,
    serve: (options) => serve(root, configOf(options)),
    async doctor(options: LocalOptions) {
      const config = configOf(options)
      const checks = await verifyModels(manifest(), config.modelsFolder)
      return examine({ manifest: manifest(), checks, dataFolder: config.dataFolder })
    },
    evaluateVerification(options, onProgress) {
      if (options.modality === 'finger')
        return evaluateFingers(root, resolve(currentFolder, options.folder), onProgress)
      const { modality: _, pairs, images, ...flags } = options
      const files = { pairs: resolve(currentFolder, pairs), images: resolve(currentFolder, images) }
      return evaluate(root, configOf(flags), files, onProgress)
    },
    calibrate(options, onProgress) {
      const { config, models, space, workers } = options
      const flags = Object.fromEntries(
        Object.entries({ config, models, space, workers }).filter(([, value]) => value !== undefined),
      )
      return calibrate({ root, config: configOf(flags), currentFolder }, options, onProgress)
    },
    testExtractor: ({ print, ...options }) => testOne(configOf(options), print),
    templates: templateTools(),
    models: {
      verify: (options) => verifyModels(manifest(), configOf(options).modelsFolder),
      install: ({ ids, ...options }, onProgress) => {
        const { modelsFolder, mirrorFolder } = configOf(options)
        return installModels(manifest(), { weightsFolder: modelsFolder, mirrorFolder, ids, onProgress })
      },
    },
  }
}

async function serve(root: string, config: Config): Promise<RunningService> {
  const { server, metricsPort, algorithm, stop } = await openService(root, config, pinoLogger(config.logLevel))
  return { host: server.host, port: server.port, tls: config.tls !== null, metricsPort, algorithm, stop }
}

async function evaluate(
  root: string,
  config: Config,
  { pairs, images }: Pick<FaceEvaluateOptions, 'pairs' | 'images'>,
  onProgress: (doneCount: number, totalCount: number) => void,
): Promise<EvaluationReport> {
  const list = parsePairs(await readGiven(pairs, 'pairs'))
  const { models } = await readInstallation(root, config)
  const analyser = await openFacePool(models, config)
  try {
    const input = {
      list,
      analyser,
      multiFace: 'most-central', // the lists name the person in the middle
      readImage: (name: string) => readImage(images, name),
      concurrency: config.workerCount + 1,
      onProgress,
    } as const
    return report(await evaluateVerification(input, backgroundContext('evaluate')))
  } finally {
    await analyser.close()
  }
}

async function testOne(config: Config, print: ExtractorTestOptions['print']): Promise<ConformanceReport> {
  const parse = templateParser('strict')
  const extractor = createExtractor(config, parse, { restsAfterFaults: false })
  try {
    return await testExtractor({ extractor, parse, print })
  } finally {
    await extractor.close()
  }
}

function report(evaluation: VerificationEvaluation): EvaluationReport {
  const { accuracy, accuracyStandardError: error, foldCount, foldsFromFile } = evaluation
  const percent = (share: number) => `${(share * 100).toFixed(2)} %`
  const folds = foldsFromFile ? `${foldCount} folds of the file` : `${foldCount}-fold cross-validation`
  return {
    title: `Verification with ${evaluation.algorithm}`,
    rows: [
      [
        'pairs',
        `${evaluation.matedCount} mated, ${evaluation.nonMatedCount} non-mated, ${evaluation.imageCount} images`,
      ],
      ['accuracy', `${percent(accuracy)} ± ${percent(error)} (standard error, ${folds})`],
      ['TMR at FMR 1e-3', `${percent(evaluation.tmrAtFmr1e3)} (threshold on the list's own non-mated pairs)`],
      ['failures to extract', `${evaluation.failuresToExtract} images; their pairs count as non-match`],
      ['comparisons of different people', String(evaluation.crossComparisonCount)],
      ...evaluation.operatingPoints.map(
        ({ fmr, score, tmr }) => [`FMR ${fmr}`, `score ${score.toFixed(4)}, TMR ${percent(tmr)}`] as const,
      ),
      [
        'median ms an image',
        Object.entries(evaluation.medianMs)
          .map(([stage, ms]) => `${stage} ${ms.toFixed(1)}`)
          .join(', '),
      ],
    ],
    caveats: [
      'Verification figures of a small, easy set say nothing about 1:N search of a watchlist.',
      'An operating point is measured on these people only; below ten comparisons none is stated.',
    ],
    json: evaluation,
  }
}

/** An image of a list; names that lead out of the folder are refused. */
async function readImage(folder: string, name: string): Promise<Uint8Array> {
  const path = resolve(folder, name)
  if (relative(folder, path).startsWith('..'))
    throw new DomainError('INVALID_ARGUMENT', 'images inside the images folder', 'a path that leads out of it', {
      field: 'pairs',
    })
  return readFile(path).catch((cause: unknown) => {
    throw new DomainError('INVALID_ARGUMENT', 'every image of the list in the images folder', 'one that is missing', {
      field: 'images',
      cause,
    })
  })
}

async function readGiven(path: string, field: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new DomainError('INVALID_ARGUMENT', 'a readable file', 'one that cannot be read', { field, cause })
  })
}
