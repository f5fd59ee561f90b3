import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { CalibrationStatus } from '../domain/calibration.js'
import type { ModelCheck } from '../domain/model-installation.js'
import type { Manifest } from '../domain/models.js'
import { systemCode } from './failure.js'

export interface DoctorReport {
  readonly nodeVersion: string
  readonly platform: string
  /** What a service would choose now; null when it could not start. */
  readonly inUse: ModelsInUse | null
  readonly spaces: readonly SpaceHealth[]
  readonly models: readonly ModelCheck[]
  readonly dataFolder: FolderHealth
  /** What is missing, each with the one command that mends it; empty when all is well. */
  readonly remedies: readonly Remedy[]
  /** Whether `portcullis serve` would start: a template space and a place for its data. */
  readonly canServe: boolean
}

export interface ModelsInUse {
  readonly spaceId: string
  readonly modelIds: readonly string[]
  /** Whether detector and recognisers are the package's own: small, for trying it out. */
  readonly areShipped: boolean
}

export interface SpaceHealth {
  readonly spaceId: string
  readonly missingModelIds: readonly string[]
  readonly caveats: string
  /** Null where nobody looked. */
  readonly calibration: CalibrationStatus | null
}

export interface FolderHealth {
  readonly path: string
  readonly isWritable: boolean
  /** Null when the system does not say. */
  readonly freeBytes: number | null
}

export interface Remedy {
  readonly missing: string
  readonly command: string
}

export interface DoctorInput {
  readonly manifest: Manifest
  readonly checks: readonly ModelCheck[]
  readonly dataFolder: string
  readonly inUse: ModelsInUse | null
  /** By space id. */
  readonly calibrations: ReadonlyMap<string, CalibrationStatus>
}

/** package.json's `engines`: the oldest release with everything that the service uses. */
const NODE_MIN = [20, 9] as const

/** An enrolled sample is at most 10 MiB; below this the data file soon cannot grow. */
const FREE_BYTES_MIN = 1024 ** 3

/** Looks at everything that the service needs and says what is missing. Changes nothing. */
export async function examine(input: DoctorInput): Promise<DoctorReport> {
  const { manifest, checks, dataFolder, inUse, calibrations } = input
  const spaces = healthOfSpaces(manifest, checks, calibrations)
  const folder = await healthOfFolder(resolve(dataFolder))
  return {
    nodeVersion: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    inUse,
    spaces,
    models: checks,
    dataFolder: folder,
    remedies: [...remediesOfMachine(folder), ...remediesOfModels(checks)],
    canServe: folder.isWritable && isNodeSupported() && spaces.some((space) => space.missingModelIds.length === 0),
  }
}

/** A space can be used when all its recognisers and a detector are installed. */
function healthOfSpaces(
  manifest: Manifest,
  checks: readonly ModelCheck[],
  calibrations: DoctorInput['calibrations'],
): readonly SpaceHealth[] {
  const installed = checks.filter((check) => check.state === 'installed').map((check) => check.model)
  const detectors = manifest.models.filter((model) => model.role === 'face-detector')
  const hasDetector = installed.some((model) => model.role === 'face-detector')
  return manifest.spaces.map(({ id, members, caveats }) => {
    const needed = [
      ...(hasDetector ? [] : detectors.map((model) => model.id)),
      ...members.map((member) => member.modelId),
    ]
    const missingModelIds = needed.filter((modelId) => !installed.some((model) => model.id === modelId))
    return { spaceId: id, missingModelIds, caveats, calibration: calibrations.get(id) ?? null }
  })
}

async function healthOfFolder(path: string): Promise<FolderHealth> {
  const existing = await nearestExisting(path)
  const isWritable = await access(existing, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  )
  const freeBytes = await statfs(existing).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => null,
  )
  return { path, isWritable, freeBytes }
}

/** The service makes its data folder at the first start: until then its parent must be writable. */
async function nearestExisting(path: string): Promise<string> {
  try {
    await access(path)
    return path
  } catch (error) {
    const isMissing = systemCode(error) === 'ENOENT'
    return isMissing && dirname(path) !== path ? nearestExisting(dirname(path)) : path
  }
}

function remediesOfMachine(folder: FolderHealth): Remedy[] {
  const remedies: Remedy[] = []
  if (!isNodeSupported())
    remedies.push({ missing: `Node.js ${NODE_MIN.join('.')} or later`, command: 'nvm install 20' })
  if (!folder.isWritable)
    remedies.push({ missing: 'a data folder that can be written', command: 'npx portcullis serve --data <folder>' })
  else if (folder.freeBytes !== null && folder.freeBytes < FREE_BYTES_MIN)
    remedies.push({ missing: '1 GiB of free space for the data', command: 'npx portcullis serve --data <folder>' })
  return remedies
}

function remediesOfModels(checks: readonly ModelCheck[]): Remedy[] {
  const absent = checks.filter((check) => check.state !== 'installed').map((check) => check.model)
  const shipped = absent.filter((model) => model.shippedFolder !== undefined)
  const published = absent.filter((model) => !shipped.includes(model) && model.upstream.url !== null)
  const unpublished = absent.filter((model) => !shipped.includes(model) && model.upstream.url === null)
  const remedies = [
    { models: shipped, why: ' (part of this package)', command: 'git checkout -- models/own' },
    { models: published, why: '', command: 'npx portcullis models install recommended' },
    {
      models: unpublished,
      why: ' (not published by their makers in this form)',
      command: 'npx portcullis models install recommended --mirror <folder>',
    },
  ]
  return remedies
    .filter(({ models }) => models.length > 0)
    .map(({ models, why, command }) => ({
      missing: `models ${models.map(({ id }) => id).join(', ')}${why}`,
      command,
    }))
}

function isNodeSupported(): boolean {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  return major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1])
}
