import { DomainError } from '../../domain/errors.js'
import { LIMITS } from '../../domain/limits.js'
import type { IndexChange, TemplateImport } from '../../domain/ports.js'
import { NO_CHANGE, change, type Outcome } from './changes.js'
import { insertEncounter, requireGalleries } from './subject-changes.js'
import type { Tables } from './tables.js'

/** Adds one template; runs inside a transaction of the store. */
export function importTemplate(
  tables: Tables,
  { subject, encounter }: TemplateImport,
  nowMs: number,
): Outcome<'imported' | 'already-there'> {
  const known = tables.subjects.find(subject.id)
  if (known !== undefined && tables.encounters.find(encounter.id)?.subject_row === known.row)
    return { value: 'already-there', change: NO_CHANGE }
  const galleryRows = requireGalleries(tables, subject.galleryIds)
  const row = known?.row ?? tables.subjects.insert(subject, nowMs)
  if (known !== undefined) checkRoom(tables, row, subject.galleryIds)
  const insert = (): number => {
    for (const galleryRow of galleryRows) tables.memberships.add(galleryRow, row, nowMs)
    return insertEncounter(tables, row, encounter)
  }
  const { tally } = tables
  const encounterRow = known === undefined ? tally.ofNew(row, insert) : tally.around(row, insert)
  if (known !== undefined) tables.subjects.touch(row, nowMs)
  return {
    value: 'imported',
    change: change({
      added: tables.references.ofEncounter(encounterRow),
      memberships: [{ subjectId: subject.id, galleryIds: tables.memberships.galleryIdsOf(row) }],
    }),
  }
}

/** The changes of several items as one. */
export function allOf(changes: readonly IndexChange[]): IndexChange {
  return change({
    added: changes.flatMap(({ added, addedFingers }) => [...added, ...addedFingers]),
    memberships: changes.flatMap(({ memberships }) => memberships),
  })
}

function checkRoom(tables: Tables, subjectRow: number, galleryIds: readonly string[]): void {
  const { encountersPerSubjectMax, galleriesPerSubjectMax } = LIMITS
  if (tables.encounters.countOfSubject(subjectRow) >= encountersPerSubjectMax)
    throw new DomainError('LIMIT_EXCEEDED', `at most ${encountersPerSubjectMax} encounters of one subject`, 'one more')
  const count = new Set([...tables.memberships.galleryIdsOf(subjectRow), ...galleryIds]).size
  if (count > galleriesPerSubjectMax)
    throw new DomainError('LIMIT_EXCEEDED', `at most ${galleriesPerSubjectMax} galleries of one subject`, String(count))
}
