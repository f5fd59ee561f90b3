import { dirname, resolve } from 'node:path'
import { checkId, checkText } from '../../domain/ids.js'
import { LIMITS } from '../../domain/limits.js'
import { CliError } from '../failure.js'
import { readCsv, type CsvRow } from './read-csv.js'
import { IMAGES_MAX, tooMany, type EnrolPlan, type PlannedSubject } from './planned.js'

/** A list with this many wrong lines has one cause; the first ones show it. */
const FAULTS_MAX = 20

const REQUIRED = ['subject_id', 'image']
const OPTIONAL = ['external_id', 'display_name']

/**
 * A list of subjects, one row for each image; a subject may have several rows, anywhere in the file.
 * Image paths are relative to the CSV. The whole list is checked before anything is enrolled.
 * @throws CliError INPUT_UNREADABLE whose `reasons` name the wrong lines
 */
export async function planCsv(path: string): Promise<EnrolPlan> {
  const subjects = new Map<string, Draft>()
  const faults: string[] = []
  let rowCount = 0
  for await (const row of readCsv(path, REQUIRED, OPTIONAL)) {
    if (++rowCount > IMAGES_MAX) throw tooMany('rows', IMAGES_MAX)
    try {
      addRow(subjects, row, dirname(path))
    } catch (error) {
      faults.push(`line ${row.line}: ${error instanceof Error ? error.message : 'wrong'}`)
      if (faults.length === FAULTS_MAX) break
    }
  }
  if (faults.length > 0)
    throw new CliError('INPUT_UNREADABLE', 'the CSV has wrong lines', { field: 'path', reasons: faults })
  if (subjects.size === 0) throw new CliError('INPUT_UNREADABLE', 'the CSV has no rows', { field: 'path' })
  return { subjects: [...subjects.values()], ignoredCount: 0 }
}

interface Draft extends PlannedSubject {
  readonly imagePaths: string[]
}

function addRow(subjects: Map<string, Draft>, { cells }: CsvRow, folder: string): void {
  const { subject_id: id = '', external_id: externalId = '', display_name: displayName = '', image = '' } = cells
  checkId('subject_id', id)
  checkText('external_id', externalId)
  checkText('display_name', displayName)
  if (image === '') throw new Error('image is empty')
  const before = subjects.get(id)
  if (before !== undefined) checkSame(before, externalId, displayName)
  const draft: Draft = {
    subjectId: id,
    externalId: firstFilled(before?.externalId, externalId),
    displayName: firstFilled(before?.displayName, displayName),
    imagePaths: before?.imagePaths ?? [],
  }
  if (draft.imagePaths.length === LIMITS.encountersPerSubjectMax)
    throw new Error(`the subject has more than ${LIMITS.encountersPerSubjectMax} images`)
  draft.imagePaths.push(resolve(folder, image))
  subjects.set(id, draft)
}

/** A subject's details need to stand in one of its rows only. */
function firstFilled(before: string | undefined, now: string): string {
  return before === undefined || before === '' ? now : before
}

/** Two people under one id is the fault of a list that costs most, so it is looked for. */
function checkSame(before: Draft, externalId: string, displayName: string): void {
  const differs = (a: string, b: string) => a !== '' && b !== '' && a !== b
  if (differs(before.externalId, externalId)) throw new Error('external_id differs from an earlier line of the subject')
  if (differs(before.displayName, displayName))
    throw new Error('display_name differs from an earlier line of the subject')
}
