import { DomainError } from '../../domain/errors.js'
import { LIMITS } from '../../domain/limits.js'
import type { NewSubject } from '../../domain/ports.js'
import type { EncounterStatus, NewEncounter, Subject } from '../../domain/subject.js'
import { NO_CHANGE, change, type Outcome } from './changes.js'
import type { SubjectRow } from './rows.js'
import type { Tables } from './tables.js'

/** Mutations of subjects; each runs inside a transaction of the store. */

export function createSubject(
  tables: Tables,
  subject: NewSubject,
  encounter: NewEncounter | null,
  nowMs: number,
): Outcome<Subject> {
  if (tables.subjects.find(subject.id) !== undefined)
    throw new DomainError('SUBJECT_EXISTS', 'a new subject', 'one that exists', { field: 'subject_id' })
  const galleryRows = requireGalleries(tables, subject.galleryIds)
  const row = tables.subjects.insert(subject, nowMs)
  const encounterRow = tables.tally.ofNew(row, () => {
    for (const galleryRow of galleryRows) tables.memberships.add(galleryRow, row, nowMs)
    return encounter === null ? null : insertEncounter(tables, row, encounter)
  })
  return {
    value: tables.subject(tables.subjects.require(subject.id)),
    change: change({
      added: encounterRow === null ? [] : tables.references.ofEncounter(encounterRow),
      memberships: [{ subjectId: subject.id, galleryIds: tables.memberships.galleryIdsOf(row) }],
    }),
  }
}

export function addEncounter(
  tables: Tables,
  subjectId: string,
  encounter: NewEncounter,
  nowMs: number,
): Outcome<Subject> {
  const { row } = tables.subjects.require(subjectId)
  checkEncounterCount(tables.encounters.countOfSubject(row) + 1)
  const encounterRow = tables.tally.around(row, () => insertEncounter(tables, row, encounter))
  return {
    value: touched(tables, subjectId, nowMs),
    change: change({ added: tables.references.ofEncounter(encounterRow) }),
  }
}

export function setGalleries(
  tables: Tables,
  subjectId: string,
  galleryIds: readonly string[],
  nowMs: number,
): Outcome<Subject> {
  const { row } = tables.subjects.require(subjectId)
  const wantedRows = requireGalleries(tables, galleryIds)
  const formerRows = requireGalleries(tables, tables.memberships.galleryIdsOf(row))
  tables.tally.around(row, () => {
    const endedRows = formerRows.filter((galleryRow) => !wantedRows.includes(galleryRow))
    for (const galleryRow of endedRows) tables.memberships.remove(galleryRow, row)
    for (const galleryRow of wantedRows) tables.memberships.add(galleryRow, row, nowMs)
  })
  const value = touched(tables, subjectId, nowMs)
  return { value, change: change({ memberships: [{ subjectId, galleryIds: value.galleryIds }] }) }
}

export function setEncounterStatus(
  tables: Tables,
  subjectId: string,
  encounterId: string,
  status: EncounterStatus,
  nowMs: number,
): Outcome<Subject> {
  const { row } = tables.subjects.require(subjectId)
  const encounter = tables.encounters.find(encounterId)
  if (encounter?.subject_row !== row)
    throw new DomainError('ENCOUNTER_NOT_FOUND', 'an encounter of this subject', 'an unknown one', {
      field: 'encounter_id',
    })
  if (encounter.status === status)
    return { value: tables.subject(tables.subjects.require(subjectId)), change: NO_CHANGE }

  const before = tables.references.ofEncounter(encounter.row) // none while it is inactive
  tables.tally.around(row, () => tables.encounters.setStatus(encounter.row, status))
  return {
    value: touched(tables, subjectId, nowMs),
    change: change({
      added: tables.references.ofEncounter(encounter.row),
      removedReferenceIds: before.map(({ referenceId }) => referenceId),
    }),
  }
}

export function mergeSubjects(tables: Tables, intoId: string, fromId: string, nowMs: number): Outcome<Subject> {
  const into = tables.subjects.require(intoId, 'into_subject_id')
  const from = tables.subjects.require(fromId, 'from_subject_id')
  if (into.row === from.row)
    throw new DomainError('INVALID_ARGUMENT', 'two subjects', 'one', { field: 'from_subject_id' })
  const { encounters, memberships, references, tally } = tables
  checkEncounterCount(encounters.countOfSubject(into.row) + encounters.countOfSubject(from.row))
  const galleryIds = new Set([...memberships.galleryIdsOf(into.row), ...memberships.galleryIdsOf(from.row)])
  if (galleryIds.size > LIMITS.galleriesPerSubjectMax)
    throw new DomainError('LIMIT_EXCEEDED', `at most ${LIMITS.galleriesPerSubjectMax} galleries`, `${galleryIds.size}`)

  const movedIds = new Set(references.ofSubject(from.row).map(({ referenceId }) => referenceId))
  tally.around(from.row, () =>
    tally.around(into.row, () => {
      encounters.move(from.row, into.row)
      memberships.move(from.row, into.row)
    }),
  )
  tables.idempotency.forgetSubject(fromId)
  tables.subjects.delete(from.row)
  const value = touched(tables, intoId, nowMs)
  return {
    value,
    change: change({
      added: references.ofSubject(into.row).filter(({ referenceId }) => movedIds.has(referenceId)),
      memberships: [
        { subjectId: intoId, galleryIds: value.galleryIds },
        { subjectId: fromId, galleryIds: [] },
      ],
    }),
  }
}

export function deleteSubject(tables: Tables, subjectId: string): Outcome<null> {
  const { row, id } = tables.subjects.require(subjectId)
  return { value: null, change: eraseSubject(tables, { row, id }) }
}

/** Deletes a subject with everything known of it. */
export function eraseSubject(tables: Tables, { row, id }: Pick<SubjectRow, 'row' | 'id'>): Outcome<null>['change'] {
  const removedReferenceIds = tables.references.ofSubject(row).map(({ referenceId }) => referenceId)
  tables.tally.around(row, () => {
    tables.encounters.deleteOfSubject(row)
    tables.memberships.removeOfSubject(row)
  })
  tables.idempotency.forgetSubject(id)
  tables.subjects.delete(row)
  return change({ removedReferenceIds, memberships: [{ subjectId: id, galleryIds: [] }] })
}

export function insertEncounter(tables: Tables, subjectRow: number, encounter: NewEncounter): number {
  if (tables.encounters.find(encounter.id) !== undefined)
    throw new DomainError('ENCOUNTER_EXISTS', 'a new encounter', 'one that exists', {
      field: 'encounter.encounter_id',
    })
  return tables.encounters.insert(subjectRow, encounter)
}

function touched(tables: Tables, subjectId: string, nowMs: number): Subject {
  tables.subjects.touch(tables.subjects.require(subjectId).row, nowMs)
  return tables.subject(tables.subjects.require(subjectId))
}

export function requireGalleries(tables: Tables, galleryIds: readonly string[]): readonly number[] {
  return galleryIds.map((galleryId) => tables.galleries.require(galleryId, 'gallery_ids').row)
}

function checkEncounterCount(count: number): void {
  if (count <= LIMITS.encountersPerSubjectMax) return
  const expected = `at most ${LIMITS.encountersPerSubjectMax} encounters of one subject`
  throw new DomainError('LIMIT_EXCEEDED', expected, String(count))
}
