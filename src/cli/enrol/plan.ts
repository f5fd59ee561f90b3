import { stat } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import type { FingerPosition } from '../../domain/finger.js'
import { checkId } from '../../domain/ids.js'
import { CliError, systemCode } from '../failure.js'
import { fingerNameOf } from '../fingers/finger-names.js'
import { stem, subjectOfName } from './names.js'
import { planCsv } from './plan-csv.js'
import { planFolder } from './plan-folder.js'
import { plannedSample } from './planned-sample.js'
import type { EnrolPlan } from './planned.js'

/** What the command line says of a single file; null leaves it to the file's name. */
export interface SingleFile {
  readonly subjectId: string | null
  /** A finger makes the file a fingerprint. */
  readonly finger: FingerPosition | null
}

/**
 * What to enrol from a file, a folder or a CSV.
 * @throws CliError USAGE or INPUT_UNREADABLE
 */
export async function planEnrolment(
  path: string,
  { subjectId, finger }: SingleFile = { subjectId: null, finger: null },
): Promise<EnrolPlan> {
  const entry = await stat(path).catch((error: unknown) => {
    throw new CliError('INPUT_UNREADABLE', `the path cannot be read (${systemCode(error)})`, { field: 'path' })
  })
  const isSeveral = entry.isDirectory() || extname(path).toLowerCase() === '.csv'
  if (isSeveral && subjectId !== null)
    throw new CliError('USAGE', '--subject goes with a single file', { field: '--subject' })
  if (isSeveral && finger !== null)
    throw new CliError('USAGE', '--finger goes with a single file; folders and lists name fingers by file', {
      field: '--finger',
    })
  if (entry.isDirectory()) return planFolder(path)
  if (isSeveral) return planCsv(path)
  const subject =
    subjectId === null ? namedSubject(path) : { subjectId: checkId('--subject', subjectId), displayName: '' }
  const whole = resolve(path)
  const sample = finger === null ? (plannedSample(whole) ?? { path: whole, finger: null }) : { path: whole, finger }
  return { subjects: [{ ...subject, externalId: '', samples: [sample] }], ignoredCount: 0 }
}

function namedSubject(path: string): ReturnType<typeof subjectOfName> {
  const owner = fingerNameOf(path)?.owner ?? stem(path)
  if (owner !== '') return subjectOfName(owner)
  throw new CliError('USAGE', 'a file that is named for a finger does not say whose it is: give --subject', {
    field: '--subject',
  })
}
