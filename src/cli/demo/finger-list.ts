import { join, resolve } from 'node:path'
import { FINGER_POSITIONS, type FingerPosition } from '../../domain/finger.js'
import { readCsv } from '../enrol/read-csv.js'
import { CliError } from '../failure.js'

/** A row of finger-probes.csv. */
export interface FingerProbe {
  /** '' for a stranger. */
  readonly subjectId: string
  readonly position: FingerPosition
  /** As the list names it, and where it lies. */
  readonly template: string
  readonly templatePath: string
  /** The face image of the same visit; null where the finger goes alone. */
  readonly imagePath: string | null
}

/** @throws CliError INPUT_UNREADABLE */
export async function readFingerProbes(samplesFolder: string): Promise<readonly FingerProbe[]> {
  const probes: FingerProbe[] = []
  const rows = readCsv(join(samplesFolder, 'finger-probes.csv'), ['subject_id', 'finger', 'template'], ['image'])
  for await (const { line, cells } of rows) {
    const { subject_id: subjectId = '', template = '', image = '' } = cells
    const position = FINGER_POSITIONS.find((known) => known === cells.finger)
    if (position === undefined)
      throw new CliError('INPUT_UNREADABLE', `line ${line} of finger-probes.csv names no finger`, { field: 'path' })
    const at = (path: string) => resolve(samplesFolder, path)
    probes.push({
      subjectId,
      position,
      template,
      templatePath: at(template),
      imagePath: image === '' ? null : at(image),
    })
  }
  return probes
}
