import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { installModels } from '../../../src/adapters/models/install.js'
import { verifyModels } from '../../../src/adapters/models/verify.js'
import { startServer, type RunningServer, type ServerSettings } from '../../../src/api/server.js'
import { templateTools } from '../../../src/compose-finger.js'
import type { CliDependencies } from '../../../src/cli/dependencies.js'
import { examine } from '../../../src/cli/doctor.js'
import { modelsInUse } from '../../../src/models-in-use.js'
import { runProgram } from '../../../src/cli/run.js'
import { Terminal } from '../../../src/cli/terminal.js'
import type { Calibrations, CalibrationStatus } from '../../../src/domain/calibration.js'
import type { Logger } from '../../../src/domain/ports.js'
import type { Manifest } from '../../../src/domain/models.js'
import type { IndexFactory } from '../../../src/services/references.js'
import { ServiceBench, temporaryFolder } from '../../support/service-bench.js'

const silent: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** What one command line did. */
export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** A real service on a free port, a folder for files, and the real program to run against them. */
export class CliBench {
  private constructor(
    readonly folder: string,
    readonly service: ServiceBench,
    readonly server: RunningServer,
  ) {}

  static async open(
    settings: Partial<ServerSettings> = {},
    makeIndex?: IndexFactory,
    calibrations?: Calibrations,
  ): Promise<CliBench> {
    const service = await ServiceBench.open(undefined, undefined, makeIndex, calibrations)
    return new CliBench(temporaryFolder(), service, await serverOf(service, settings))
  }

  get address(): string {
    return `127.0.0.1:${this.server.port}`
  }

  /** Runs one command line against the bench's service. */
  run(...args: string[]): Promise<Ran> {
    return runCommand(args, { environment: { PORTCULLIS_SERVER: this.address } })
  }

  /** Writes a file into the bench's folder; gives its path. */
  async put(path: string, content: Uint8Array | string): Promise<string> {
    const file = join(this.folder, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, content)
    return file
  }

  async close(): Promise<void> {
    await this.server.drain()
    await this.service.close()
  }
}

export async function serverOf(service: ServiceBench, settings: Partial<ServerSettings> = {}): Promise<RunningServer> {
  const { analyser, services } = service
  return startServer({
    services,
    address: { host: '127.0.0.1', port: 0 },
    tls: null,
    logger: silent,
    listModels: () => ({ ...analyser.algorithm, models: [], calibrations: [] }),
    ...settings,
  })
}

export interface Machine {
  readonly environment?: Record<string, string>
  readonly manifest?: Manifest
  readonly weightsFolder?: string
  readonly dataFolder?: string
  readonly calibrations?: ReadonlyMap<string, CalibrationStatus>
}

/** The real program with the real installer; what needs a composition root is left out. */
export async function runCommand(args: readonly string[], machine: Machine = {}): Promise<Ran> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const [out, err] = [text(stdout), text(stderr)]
  const code = await runProgram(dependenciesOn(machine, new Terminal(stdout, stderr)), args)
  stdout.end()
  stderr.end()
  return { code, out: await out, err: await err }
}

function dependenciesOn(machine: Machine, terminal: Terminal): CliDependencies {
  const { environment = {}, weightsFolder = '', dataFolder = '', calibrations = new Map() } = machine
  const manifest = machine.manifest ?? { models: [], spaces: [], defaultSpaces: [] }
  const absent = () => Promise.reject(new TypeError('not part of this bench'))
  return {
    version: '0.0.0-test',
    terminal,
    environment,
    serve: absent,
    evaluateVerification: absent,
    evaluateIdentification: absent,
    calibrate: absent,
    testExtractor: absent,
    doctor: async () => {
      const checks = await verifyModels(manifest, weightsFolder)
      return examine({ manifest, checks, dataFolder, inUse: modelsInUse(manifest, checks, null), calibrations })
    },
    templates: templateTools(),
    models: {
      verify: () => verifyModels(manifest, weightsFolder),
      install: ({ ids, modelsMirror = null }, onProgress) =>
        installModels(manifest, { weightsFolder, mirrorFolder: modelsMirror, ids, onProgress }),
    },
  }
}

/** The failure that a `--json` command reported. */
export function failureOf({ err }: Pick<Ran, 'err'>): {
  readonly reason: string
  readonly message: string
  readonly field: string
} {
  return (JSON.parse(err) as { error: { reason: string; message: string; field: string } }).error
}
