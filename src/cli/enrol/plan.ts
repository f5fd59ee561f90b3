import { stat } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import { checkId } from '../../domain/ids.js'
import { CliError, systemCode } from '../failure.js'
import { stem, subjectOfName } from './names.js'
import { planCsv } from './plan-csv.js'
import { planFolder } from './plan-folder.js'
import type { EnrolPlan } from './planned.js'

/**
 * What to enrol from an image, a folder or a CSV.
 * @param subjectId for a single image; null takes it from the file's name
 * @throws CliError USAGE or INPUT_UNREADABLE
 */
export async function planEnrolment(path: string, subjectId: string | null): Promise<EnrolPlan> {
  const entry = await stat(path).catch((error: unknown) => {
    throw new CliError('INPUT_UNREADABLE', `the path cannot be read (${systemCode(error)})`, { field: 'path' })
  })
  const isSeveral = entry.isDirectory() || extname(path).toLowerCase() === '.csv'
  if (isSeveral && subjectId !== null)
    throw new CliError('USAGE', '--subject goes with a single image', { field: '--subject' })
  if (entry.isDirectory()) return planFolder(path)
  if (isSeveral) return planCsv(path)
  const subject =
    subjectId === null ? subjectOfName(stem(path)) : { subjectId: checkId('--subject', subjectId), displayName: '' }
  return { subjects: [{ ...subject, externalId: '', imagePaths: [resolve(path)] }], ignoredCount: 0 }
}
