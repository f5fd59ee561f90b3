import { dirname, resolve } from 'node:path'
import { checkId, checkText } from '../../domain/ids.js'
import { LIMITS } from '../../domain/limits.js'
import { CliError } from '../failure.js'
import { positionOf, POSITION_CHOICES } from '../fingers/positions.js'
import { SAMPLES_MAX, tooMany, type EnrolPlan, type PlannedSample, type PlannedSubject } from './planned.js'
import { plannedSample } from './planned-sample.js'
import { readCsv, type CsvRow } from './read-csv.js'

/** A list with this many wrong lines has one cause; the first ones show it. */
const FAULTS_MAX = 20

const REQUIRED = ['subject_id', 'image']
const OPTIONAL = ['external_id', 'display_name', 'finger']

/**
 * A list of subjects, one row for each sample; a subject may have several rows, anywhere in the file.
 * Paths are relative to the CSV. A row with a `finger` is a fingerprint; without one the file's name says what it is. The whole list is checked before anything is enrolled.
 * @throws CliError INPUT_UNREADABLE whose `reasons` name the wrong lines
 */
export async function planCsv(path: string): Promise<EnrolPlan> {
  const subjects = new Map<string, Draft>()
  const faults: string[] = []
  let rowCount = 0
  for await (const row of readCsv(path, REQUIRED, OPTIONAL)) {
    if (++rowCount > SAMPLES_MAX) throw tooMany('rows', SAMPLES_MAX)
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
  readonly samples: PlannedSample[]
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
    samples: before?.samples ?? [],
  }
  if (draft.samples.length === LIMITS.encountersPerSubjectMax)
    throw new Error(`the subject has more than ${LIMITS.encountersPerSubjectMax} samples`)
  draft.samples.push(sampleOf(resolve(folder, image), cells.finger ?? ''))
  subjects.set(id, draft)
}

/** A row's file is a sample whatever its name: with no word on a finger it is a face image. */
function sampleOf(path: string, finger: string): PlannedSample {
  if (finger === '') return plannedSample(path) ?? { path, finger: null }
  const position = positionOf(finger)
  if (position === null) throw new Error(`finger must be empty or ${POSITION_CHOICES}`)
  return { path, finger: position }
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
