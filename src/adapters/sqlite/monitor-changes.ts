import { DomainError, invalid } from '../../domain/errors.js'
import {
  dayOf,
  MONITOR_LIMITS,
  type AlarmOutcome,
  type MonitorBatch,
  type MonitoredCounts,
  type OutcomeReport,
} from '../../domain/monitor.js'
import type { AlarmGalleryRow } from './alarm-table.js'
import type { MonitorRow } from './monitor-table.js'
import type { Tables } from './tables.js'

/** What the monitor does with the tables; each runs inside a transaction of the store. */

export function addToMonitor(tables: Tables, { tallies, alarms }: MonitorBatch): void {
  for (const tally of tallies) {
    const gallery = tables.galleries.find(tally.galleryId)
    if (gallery !== undefined) tables.monitor.add(gallery.row, tally)
  }
  for (const alarm of alarms) {
    const rows = alarm.galleryIds.flatMap((galleryId) => tables.galleries.find(galleryId)?.row ?? [])
    if (rows.length > 0) tables.alarms.insert(alarm, rows)
  }
  if (alarms.length > 0) tables.alarms.trim()
}

export function reportOutcome(tables: Tables, report: OutcomeReport): { readonly isRepeated: boolean } {
  const alarm = tables.alarms.find(report.searchId)
  if (alarm === undefined) throw notFound()
  const galleries = tables.alarms.galleriesOf(alarm.row)
  if (!report.galleryIds.every((id) => galleries.some(({ gallery_id }) => gallery_id === id)))
    throw invalid('gallery_ids', 'galleries that the candidates of this search are in', 'another one')

  const news = galleries.filter((gallery) => gallery.outcome !== outcomeOf(gallery, report))
  for (const gallery of news) {
    const { gallery_row, outcome: before } = gallery
    const outcome = outcomeOf(gallery, report)
    if (before !== null && before !== 'inconclusive') throw conflict(before)
    if (before !== null) tables.monitor.countOutcome(gallery_row, alarm, before, -1)
    tables.monitor.countOutcome(gallery_row, alarm, outcome, 1)
    tables.alarms.setOutcome(alarm.row, gallery_row, outcome)
  }
  return { isRepeated: news.length === 0 }
}

export function monitorCounts(
  tables: Tables,
  galleryId: string,
  firstDay: number,
  lastDay: number,
): readonly MonitoredCounts[] {
  const { row } = tables.galleries.require(galleryId, 'gallery_id')
  return tables.monitor.sums(row, firstDay, lastDay).map(countsFromRow)
}

export function purgeMonitor(tables: Tables, nowMs: number): void {
  const today = dayOf(nowMs)
  tables.alarms.purge(today - MONITOR_LIMITS.outcomeDays)
  tables.monitor.purge(today - MONITOR_LIMITS.tallyDays)
}

/** A person who is in one of the alarmed galleries was a false positive in the others. */
function outcomeOf({ gallery_id }: AlarmGalleryRow, { outcome, galleryIds }: OutcomeReport): AlarmOutcome {
  const isElsewhere = outcome === 'same-person' && galleryIds.length > 0 && !galleryIds.includes(gallery_id)
  return isElsewhere ? 'different-people' : outcome
}

function countsFromRow(row: MonitorRow): MonitoredCounts {
  return {
    algorithm: row.algorithm,
    isPredicted: row.is_predicted === 1,
    searchCount: row.search_count,
    alarmCount: row.alarm_count,
    predictedSum: { rate: row.predicted_rate, lower95: row.predicted_lower95, upper95: row.predicted_upper95 },
    samePersonCount: row.same_person_count,
    differentPeopleCount: row.different_people_count,
    inconclusiveCount: row.inconclusive_count,
  }
}

function notFound(): DomainError {
  const { outcomeDays, alarmsMax } = MONITOR_LIMITS
  const expected = `one of the newest ${alarmsMax} searches that referred candidates, at most ${outcomeDays} days old`
  return new DomainError('SEARCH_NOT_FOUND', expected, 'another one', { field: 'search_id' })
}

function conflict(before: AlarmOutcome): DomainError {
  return new DomainError('OUTCOME_CONFLICT', `the outcome reported before, ${before}`, 'another one', {
    field: 'outcome',
  })
}
