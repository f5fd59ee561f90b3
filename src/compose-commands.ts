import { join } from 'node:path'
import { pinoLogger } from './adapters/log/pino-logger.js'
import { readManifest } from './adapters/manifest/read-manifest.js'
import { installModels } from './adapters/models/install.js'
import { verifyModels } from './adapters/models/verify.js'
import type { CliDependencies, ExtractorTestOptions, LocalOptions, RunningService } from './cli/dependencies.js'
import { examine } from './cli/doctor.js'
import type { Terminal } from './cli/terminal.js'
import { evaluationCommands } from './compose-evaluation.js'
import { calibrate } from './compose-calibration.js'
import { createExtractor, templateParser } from './compose-extractor.js'
import { templateTools } from './compose-finger.js'
import { openService } from './compose-service.js'
import { calibrationStatuses } from './read-calibration.js'
import { readConfig, type Config, type ConfigFlags } from './config.js'
import { modelsInUse } from './models-in-use.js'
import { testExtractor, type ConformanceReport } from './services/extractor/conformance.js'

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
      const calibrations = await calibrationStatuses(root, manifest())
      const inUse = modelsInUse(manifest(), checks, config.spaceId)
      return examine({ manifest: manifest(), checks, dataFolder: config.dataFolder, inUse, calibrations })
    },
    ...evaluationCommands({ root, currentFolder, configOf }),
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
      install: ({ ids, neverFetch, ...options }, onProgress) => {
        const { modelsFolder, mirrorFolder } = configOf(options)
        if (neverFetch === true && mirrorFolder === null) return Promise.resolve([])
        return installModels(manifest(), { weightsFolder: modelsFolder, mirrorFolder, ids, onProgress })
      },
    },
  }
}

async function serve(root: string, config: Config): Promise<RunningService> {
  const { server, metricsPort, algorithm, stop } = await openService(root, config, pinoLogger(config.logLevel))
  return { host: server.host, port: server.port, tls: config.tls !== null, metricsPort, algorithm, stop }
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
