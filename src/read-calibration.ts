import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CalibrationStatus, ScoreCalibration } from './domain/calibration.js'
import { orDomainError } from './domain/errors.js'
import type { Manifest } from './domain/models.js'
import type { Logger } from './domain/ports.js'
import { CalibrationCurve } from './engines/calibration/curve.js'
import { parseCalibration } from './engines/calibration/file.js'
import { chooseFaceModels } from './engines/face/models.js'

/** Where calibrations lie in the package, one for each space. */
export const CALIBRATION_FOLDER = join('models', 'calibration')

/** What a space has: its calibration, or null and why. */
export interface FoundCalibration {
  readonly status: CalibrationStatus
  readonly calibration: ScoreCalibration | null
}

/**
 * The calibration of a template space. One that is not there, not whole, or of another space is none: scores are then as good as before,
 * and error rates that are asked for are refused.
 * @param algorithm "<space id>@<sha256 prefix>"; a file for anything else does not count
 * @param given the manifest's file name; by default the space's id
 */
export async function findCalibration(
  packageRoot: string,
  algorithm: string,
  given?: string,
): Promise<FoundCalibration> {
  const file = given ?? `${algorithm.split('@')[0]!}.json`
  const none = (state: CalibrationStatus['state']): FoundCalibration => {
    return { status: { algorithm, file, state, source: null, resolution: null }, calibration: null }
  }
  const bytes = await bytesOf(join(packageRoot, CALIBRATION_FOLDER, file))
  if (bytes === null) return none('absent')
  const content = orDomainError(() => parseCalibration(bytes))
  if (content instanceof Error) return none('damaged')
  if (content.algorithm !== algorithm) return none('other-space')
  const { source, resolution } = content
  return {
    status: { algorithm, file, state: 'usable', source, resolution },
    calibration: new CalibrationCurve(content),
  }
}

/** Null where there is no such file; one that cannot be read is an empty one, which is no calibration. */
async function bytesOf(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : new Uint8Array()
  }
}

/** Of every face space of the manifest, whether its models are installed or not. */
export async function calibrationStatuses(
  packageRoot: string,
  manifest: Manifest,
): Promise<ReadonlyMap<string, CalibrationStatus>> {
  const all = new Set(manifest.models.map(({ id }) => id))
  const statuses = manifest.spaces.map(async ({ id, calibration }) => {
    const { algorithm } = chooseFaceModels(manifest, all, id).algorithm
    return [id, (await findCalibration(packageRoot, algorithm, calibration)).status] as const
  })
  return new Map(await Promise.all(statuses))
}

/** What an operator has to know before somebody relies on an error rate. */
export function logCalibration({ algorithm, file, state, source }: CalibrationStatus, logger: Logger): void {
  const about = { algorithm, file, state }
  if (source !== null) logger.info({ ...about, data: source.data, date: source.date }, 'scores are calibrated')
  else if (state === 'absent') logger.info(about, 'scores are not calibrated')
  else logger.warn(about, 'a calibration cannot be used: scores are not calibrated')
}
