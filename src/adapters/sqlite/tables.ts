import type { Database } from 'better-sqlite3'
import type { Subject } from '../../domain/subject.js'
import { AlarmTable } from './alarm-table.js'
import { EncounterTable } from './encounter-table.js'
import { GalleryTable } from './gallery-table.js'
import { IdempotencyTable } from './idempotency-table.js'
import { MembershipTable } from './membership-table.js'
import { MonitorTable } from './monitor-table.js'
import { ReferenceTable } from './reference-table.js'
import { RetainedProbeTable } from './retained-probe-table.js'
import { subjectFromRow, type SubjectRow } from './rows.js'
import { SubjectTable } from './subject-table.js'
import { Tally } from './tally.js'

/** All prepared statements, made once. */
export class Tables {
  readonly galleries
  readonly subjects
  readonly encounters
  readonly references
  readonly memberships
  readonly tally
  readonly idempotency
  readonly probes
  readonly monitor
  readonly alarms

  constructor(db: Database) {
    this.galleries = new GalleryTable(db)
    this.subjects = new SubjectTable(db)
    this.encounters = new EncounterTable(db)
    this.references = new ReferenceTable(db)
    this.memberships = new MembershipTable(db)
    this.tally = new Tally(db)
    this.idempotency = new IdempotencyTable(db)
    this.probes = new RetainedProbeTable(db)
    this.monitor = new MonitorTable(db)
    this.alarms = new AlarmTable(db)
  }

  /** A subject with everything that callers see of it. */
  subject(row: SubjectRow): Subject {
    return subjectFromRow(row, this.memberships.galleryIdsOf(row.row), this.encounters.ofSubject(row.row))
  }
}
