import { existsSync, readFileSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { DomainError } from './domain/errors.js'
import { EXTRACTOR_EXPECTED, extractorFrom, type ExtractorSetting } from './extractor-setting.js'

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** Everything that a process is told from outside; paths are absolute. */
export interface Config {
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  /** Port of `GET /metrics`, on this machine alone; 0 lets the system choose, null serves none. */
  readonly metricsPort: number | null
  /** Holds the data file; one service per folder. */
  readonly dataFolder: string
  /** PEM files; null serves plain text. `clientCaFile` demands client certificates (mutual TLS). */
  readonly tls: { readonly certFile: string; readonly keyFile: string; readonly clientCaFile: string | null } | null
  readonly modelsFolder: string
  /** Where `models install` takes files from; null is upstream. */
  readonly mirrorFolder: string | null
  /** The template space; null is the first of the manifest's default spaces whose models are all installed. */
  readonly spaceId: string | null
  /** Threads that analyse images. */
  readonly workerCount: number
  /** Images that wait for a thread; more are told OVERLOADED. */
  readonly queueLength: number
  readonly extractor: ExtractorSetting
  readonly logLevel: LogLevel
}

const path = z.string().min(1).max(4096)

/** Flags and the environment hold text, the file holds numbers: both are read. */
const whole = (min: number, max: number) =>
  z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]).pipe(z.number().int().min(min).max(max))

/** Every setting: its environment variable, what it must be (for people), and the same for the machine. */
const SETTINGS = {
  host: ['PORTCULLIS_HOST', 'a host name or an IP address', z.string().regex(/^[\w.:-]{1,253}$/)],
  port: ['PORTCULLIS_PORT', 'a whole number from 0 to 65535', whole(0, 65_535)],
  metricsPort: ['PORTCULLIS_METRICS_PORT', 'a whole number from 0 to 65535', whole(0, 65_535)],
  data: ['PORTCULLIS_DATA', 'a folder', path],
  tlsCert: ['PORTCULLIS_TLS_CERT', 'a PEM file', path],
  tlsKey: ['PORTCULLIS_TLS_KEY', 'a PEM file', path],
  tlsClientCa: ['PORTCULLIS_TLS_CLIENT_CA', 'a PEM file', path],
  models: ['PORTCULLIS_MODELS_DIR', 'a folder', path],
  modelsMirror: ['PORTCULLIS_MODELS_MIRROR', 'a folder', path],
  space: ['PORTCULLIS_SPACE', 'the id of a template space', z.string().regex(/^[A-Za-z0-9][\w.:-]{0,63}$/)],
  workers: ['PORTCULLIS_WORKERS', 'a whole number from 1 to 256', whole(1, 256)],
  queueLength: ['PORTCULLIS_QUEUE_LENGTH', 'a whole number from 1 to 10000', whole(1, 10_000)],
  extractor: ['PORTCULLIS_EXTRACTOR', EXTRACTOR_EXPECTED, path.refine((text) => extractorFrom(text, '') !== null)],
  logLevel: ['PORTCULLIS_LOG_LEVEL', `one of ${LOG_LEVELS.join(', ')}`, z.enum(LOG_LEVELS)],
} as const satisfies Record<string, readonly [string, string, z.ZodType]>

type Setting = keyof typeof SETTINGS
type Checked = { [S in Setting]?: z.output<(typeof SETTINGS)[S][2]> | undefined }

/** Settings as a command line gives them; `config` names the file. */
export type ConfigFlags = Readonly<Partial<Record<Setting | 'config', string | undefined>>>

const PATHS: readonly Setting[] = ['data', 'tlsCert', 'tlsKey', 'tlsClientCa', 'models', 'modelsMirror']
const FILE_VARIABLE = 'PORTCULLIS_CONFIG'
/** Read by the client commands, not by the service. */
const CLIENT_VARIABLES = ['PORTCULLIS_SERVER']
/** A configuration is a dozen short lines. */
const FILE_BYTES_MAX = 64 * 1024

export interface ConfigInput {
  readonly flags: ConfigFlags
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly currentFolder: string
  readonly packageRoot: string
}

/**
 * Puts the configuration together: flags before environment before file before defaults.
 * Relative paths begin at the current folder, those in the file at the file's own.
 * @throws DomainError INVALID_ARGUMENT whose `reasons` hold one sentence for each fault
 */
export function readConfig(input: ConfigInput): Config {
  const faults: string[] = []
  const settings: Checked = {
    ...fromFile(input.flags.config ?? set(input.environment[FILE_VARIABLE]), input.currentFolder, faults),
    ...fromEnvironment(input, faults),
    ...fromFlags(input, faults),
  }
  faults.push(...faultsOfTls(settings))
  if (faults.length > 0)
    throw new DomainError('INVALID_ARGUMENT', 'a valid configuration', `${faults.length} fault(s)`, { reasons: faults })
  return withDefaults(settings, input)
}

function withDefaults(settings: Checked, { currentFolder, packageRoot }: ConfigInput): Config {
  const { tlsCert, tlsKey, tlsClientCa } = settings
  return deepFreeze({
    host: settings.host ?? '127.0.0.1',
    port: settings.port ?? 50_051,
    metricsPort: settings.metricsPort ?? null,
    dataFolder: settings.data ?? join(currentFolder, 'data'),
    tls:
      tlsCert !== undefined && tlsKey !== undefined
        ? { certFile: tlsCert, keyFile: tlsKey, clientCaFile: tlsClientCa ?? null }
        : null,
    modelsFolder: settings.models ?? join(packageRoot, 'models', 'weights'),
    mirrorFolder: settings.modelsMirror ?? mirrorBeside(packageRoot),
    spaceId: settings.space ?? null,
    workerCount: settings.workers ?? availableParallelism(),
    queueLength: settings.queueLength ?? 64,
    extractor: extractorFrom(settings.extractor ?? 'builtin', currentFolder)!, // checked as a setting
    logLevel: settings.logLevel ?? 'info',
  })
}

/** A folder `shared/models` beside the checkout: how machines without an outside line get their weights. */
function mirrorBeside(packageRoot: string): string | null {
  const folder = resolve(packageRoot, '..', 'shared', 'models')
  return existsSync(folder) ? folder : null
}

function fromFlags({ flags, currentFolder }: ConfigInput, faults: string[]): Checked {
  const given = Object.entries(flags).filter(([name, value]) => name !== 'config' && value !== undefined)
  return check(Object.fromEntries(given), flagName, currentFolder, faults)
}

function fromEnvironment({ environment, currentFolder }: ConfigInput, faults: string[]): Checked {
  const bySetting = Object.entries(SETTINGS).map(([name, [variable]]) => [name, set(environment[variable])] as const)
  const known = [...Object.values(SETTINGS).map(([variable]) => variable as string), FILE_VARIABLE, ...CLIENT_VARIABLES]
  for (const variable of Object.keys(environment))
    if (variable.startsWith('PORTCULLIS_') && !known.includes(variable)) faults.push(`${variable} is not a setting`)
  const given = bySetting.filter(([, value]) => value !== undefined)
  return check(Object.fromEntries(given), (name) => SETTINGS[name][0], currentFolder, faults)
}

function fromFile(file: string | undefined, currentFolder: string, faults: string[]): Checked {
  if (file === undefined) return {}
  const location = resolve(currentFolder, file)
  try {
    if (statSync(location).size > FILE_BYTES_MAX) throw new Error('too long')
    const content = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(location, 'utf8')))
    return check(content, (name) => `${name} in the configuration file`, dirname(location), faults)
  } catch {
    faults.push('the configuration file must be a readable file that holds one JSON object')
    return {}
  }
}

/** Checks one layer; every fault becomes a sentence that names the setting as its writer knows it. */
function check(
  values: Readonly<Record<string, unknown>>,
  nameFor: (name: Setting) => string,
  folder: string,
  faults: string[],
): Checked {
  const checked: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(values)) {
    if (!isSetting(name)) {
      faults.push(`${JSON.stringify(name.slice(0, 64))} is not a setting`)
      continue
    }
    const [, expected, schema] = SETTINGS[name]
    const result = schema.safeParse(value)
    if (!result.success) faults.push(`${nameFor(name)} must be ${expected}, not ${short(value)}`)
    else checked[name] = isPath(name, result.data) ? resolve(folder, result.data) : result.data
  }
  return checked
}

/** An extractor may be a path. */
function isPath(name: Setting, value: unknown): value is string {
  return PATHS.includes(name) || (name === 'extractor' && extractorFrom(value as string, '')?.kind === 'module')
}

function faultsOfTls({ tlsCert, tlsKey, tlsClientCa }: Checked): string[] {
  const faults: string[] = []
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    faults.push('a TLS certificate and its key belong together: give both --tls-cert and --tls-key')
  if (tlsClientCa !== undefined && tlsCert === undefined)
    faults.push('--tls-client-ca needs --tls-cert and --tls-key: client certificates exist only with TLS')
  for (const [name, file] of Object.entries({ tlsCert, tlsKey, tlsClientCa }))
    if (file !== undefined && !existsSync(file)) faults.push(`${flagName(name)} names a file that is not there`)
  return faults
}

function isSetting(name: string): name is Setting {
  return Object.hasOwn(SETTINGS, name)
}

/** "tlsClientCa" → "--tls-client-ca" */
function flagName(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** An empty variable is an unset one: compose files and unit files cannot leave one out. */
function set(variable: string | undefined): string | undefined {
  return variable === '' ? undefined : variable
}

function short(value: unknown): string {
  return JSON.stringify(value).slice(0, 80)
}

function deepFreeze(config: Config): Config {
  if (config.tls !== null) Object.freeze(config.tls)
  Object.freeze(config.extractor)
  return Object.freeze(config)
}
