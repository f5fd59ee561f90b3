import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ScoreCalibration } from './domain/calibration.js'
import type { Logger } from './domain/ports.js'
import { CalibrationCurve } from './engines/calibration/curve.js'
import { parseCalibration } from './engines/calibration/file.js'

/**
 * The calibration that is shipped for a template space, `models/calibration/<space>.json`.
 * @returns null where there is none, or one of other weights, which says nothing of these
 * @throws DomainError PARSE_ERROR when it is damaged
 */
export async function readScoreCalibration(
  packageRoot: string,
  algorithm: string,
  logger: Logger,
): Promise<ScoreCalibration | null> {
  const bytes = await readIfThere(join(packageRoot, 'models', 'calibration', `${algorithm.split('@')[0]}.json`))
  if (bytes === null) return null
  const calibration = new CalibrationCurve(parseCalibration(bytes))
  if (calibration.algorithm === algorithm) return calibration
  logger.warn({ algorithm, calibrated: calibration.algorithm }, 'the calibration is of other weights and is not used')
  return null
}

async function readIfThere(file: string): Promise<Uint8Array | null> {
  try {
    return await readFile(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
