import type { ScoreCalibration } from '../../domain/calibration.js'
import { invalid } from '../../domain/errors.js'
import type { IdentificationResult } from '../../domain/identification.js'
import { checkId } from '../../domain/ids.js'
import { LIMITS } from '../../domain/limits.js'
import {
  dayOf,
  dayText,
  parseDay,
  type MonitorStore,
  type OutcomeReport,
  type SearchMonitor,
} from '../../domain/monitor.js'
import type { Logger } from '../../domain/ports.js'
import { checkGalleryIds } from '../../domain/subject.js'
import { compareFpir, type MonitoredFpir } from './compare-fpir.js'
import { monitoredSearch } from './monitored-search.js'
import { PendingCounts } from './pending-counts.js'

/** Counts reach the store this long after their search, so that no search waits for a commit; a kill loses what came in since. */
const FLUSH_AFTER_MS = 1_000
/** As many as an outcome can be reported for. */
const DAYS_DEFAULT = 90

export interface MonitorParts {
  readonly store: MonitorStore
  /** Of the face space in use; null where there is none. */
  readonly calibration: ScoreCalibration | null
  readonly logger: Logger
  readonly now: () => number
}

/** "YYYY-MM-DD", UTC, both included; '' for the last 90 days, or up to today. */
export interface DayRange {
  readonly fromDay: string
  readonly toDay: string
}

export interface GalleryMonitorReport extends DayRange {
  readonly galleryId: string
  /** In the order of their algorithms, what is predicted before what is not. */
  readonly searches: readonly MonitoredFpir[]
}

/** The predicted and the observed rate of false positives, side by side; docs/monitor.md says how to read them. */
export class GalleryMonitor implements SearchMonitor {
  readonly #parts: MonitorParts
  readonly #pending = new PendingCounts()
  #timer: NodeJS.Timeout | undefined
  #lastWrite: Promise<void> = Promise.resolve()
  #isClosed = false

  constructor(parts: MonitorParts) {
    this.#parts = parts
  }

  record(result: IdentificationResult): void {
    const { calibration, logger, now } = this.#parts
    try {
      const search = monitoredSearch(result, calibration)
      if (search === null) return
      this.#pending.add(search, dayOf(now()))
      this.#flushSoon()
    } catch (error) {
      logger.error({ error }, 'a search could not be counted') // the officer gets the answer all the same
    }
  }

  /**
   * Counts what an examiner found of a search; durable when it resolves.
   * @throws DomainError INVALID_ARGUMENT, SEARCH_NOT_FOUND, OUTCOME_CONFLICT
   */
  async report(report: OutcomeReport): Promise<{ readonly isRepeated: boolean }> {
    checkId('search_id', report.searchId)
    const galleryIds = checkGalleryIds('gallery_ids', report.galleryIds, LIMITS.galleriesPerSearchMax)
    if (galleryIds.length > 0 && report.outcome !== 'same-person')
      throw invalid('gallery_ids', 'none, as no person was found to be in them', 'some')
    await this.flush()
    return this.#parts.store.reportOutcome({ ...report, galleryIds })
  }

  /** Holds every search that was answered before. @throws DomainError INVALID_ARGUMENT, GALLERY_NOT_FOUND */
  async read(galleryId: string, range: DayRange): Promise<GalleryMonitorReport> {
    const lastDay = range.toDay === '' ? dayOf(this.#parts.now()) : parseDay('to_day', range.toDay)
    const firstDay = range.fromDay === '' ? lastDay - DAYS_DEFAULT + 1 : parseDay('from_day', range.fromDay)
    if (firstDay > lastDay) throw invalid('from_day', 'a day up to to_day', 'a later one')
    await this.flush()
    const counts = await this.#parts.store.monitorCounts(galleryId, firstDay, lastDay)
    return { galleryId, fromDay: dayText(firstDay), toDay: dayText(lastDay), searches: counts.map(compareFpir) }
  }

  /** Stores what is pending; one write after the other. */
  flush(): Promise<void> {
    const write = this.#lastWrite.then(() => this.#write())
    this.#lastWrite = write.catch(() => undefined)
    return write
  }

  /** Stores what is pending, and counts no more. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#flushQuietly()
  }

  async #write(): Promise<void> {
    if (this.#pending.isEmpty) return
    const batch = this.#pending.take()
    try {
      await this.#parts.store.addToMonitor(batch)
    } catch (error) {
      this.#pending.putBack(batch)
      throw error
    }
  }

  #flushSoon(): void {
    if (this.#isClosed) return
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      void this.#flushQuietly()
    }, FLUSH_AFTER_MS).unref()
  }

  /** A write that fails is tried again. */
  async #flushQuietly(): Promise<void> {
    try {
      await this.flush()
    } catch (error) {
      this.#parts.logger.error({ error }, 'the counts of the monitor could not be stored')
      this.#flushSoon()
    }
  }
}
