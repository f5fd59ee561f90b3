import type { PurgeResult } from '../../domain/ports.js'
import { change, type Outcome } from './changes.js'
import { purgeMonitor } from './monitor-changes.js'
import { eraseSubject } from './subject-changes.js'
import type { ExpiredMembership } from './membership-table.js'
import type { Tables } from './tables.js'

/** Memberships that end in one transaction: 60 ms where each ends a subject with a sample of 60 kB. */
const MEMBERSHIPS_PER_PURGE_MAX = 100
/** Retained probes deleted in one transaction; each may hold 10 MB. */
const PROBES_PER_PURGE_MAX = 10

/** Ends what is past its retention; runs inside a transaction of the store. */
export function purgeExpired(tables: Tables, nowMs: number): Outcome<PurgeResult> {
  tables.idempotency.purge(nowMs)
  purgeMonitor(tables, nowMs)
  const probeCount = tables.probes.purge(nowMs, PROBES_PER_PURGE_MAX)

  const expired = tables.memberships.expired(nowMs, MEMBERSHIPS_PER_PURGE_MAX)
  const bySubject = new Map<number, ExpiredMembership[]>()
  for (const membership of expired)
    bySubject.set(membership.subject_row, [...(bySubject.get(membership.subject_row) ?? []), membership])
  const changes = [...bySubject.values()].map((memberships) => endMemberships(tables, memberships))
  const removedReferenceIds = changes.flatMap((one) => one.removedReferenceIds)
  const memberships = changes.flatMap((one) => one.memberships)
  return {
    value: { membershipCount: expired.length, probeCount, subjectCount: changes.filter((one) => one.isErased).length },
    change: change({ removedReferenceIds, memberships }),
  }
}

/** @param memberships of one subject */
function endMemberships(tables: Tables, memberships: readonly ExpiredMembership[]) {
  const { subject_row, subject_id } = memberships[0] as ExpiredMembership
  tables.tally.around(subject_row, () => {
    for (const { gallery_row } of memberships) tables.memberships.remove(gallery_row, subject_row)
  })
  const galleryIds = tables.memberships.galleryIdsOf(subject_row)
  if (galleryIds.length === 0) return { ...eraseSubject(tables, { row: subject_row, id: subject_id }), isErased: true }
  return { ...change({ memberships: [{ subjectId: subject_id, galleryIds }] }), isErased: false }
}
