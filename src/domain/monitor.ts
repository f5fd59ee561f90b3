import { invalid } from './errors.js'
import type { IdentificationResult } from './identification.js'

/** How long what the monitor counts is kept. */
export const MONITOR_LIMITS = {
  /** An outcome can be reported this many days after the search: a case that takes longer is no longer about the threshold of today. */
  outcomeDays: 90,
  /** Alarms that an outcome can be reported for, the newest: 1,000 a day over those 90 days, and some 10 MB of the data file. */
  alarmsMax: 100_000,
  /** Counts of a day stay for two years: a year can be compared with the one before. */
  tallyDays: 731,
} as const

/** What an examiner found of a search that referred candidates. One that nobody reported is pending. */
export const ALARM_OUTCOMES = ['same-person', 'different-people', 'inconclusive'] as const
export type AlarmOutcome = (typeof ALARM_OUTCOMES)[number]

/** A false positive identification rate over several searches: the mean of theirs, or where so named their sum. */
export interface FpirSpan {
  readonly rate: number
  readonly lower95: number
  readonly upper95: number
}

/** What is counted together. */
export interface TallyKey {
  /** The template space, "<id>@<sha256 prefix>"; several are joined by " + ". */
  readonly algorithm: string
  /** Whether the searches have a predicted rate; those without are counted by themselves, so that rates compare the same searches. */
  readonly isPredicted: boolean
  /** UTC; days since 1970-01-01. */
  readonly day: number
}

/** Searches of one gallery on one day. */
export interface SearchTally extends TallyKey {
  readonly galleryId: string
  readonly searchCount: number
  /** Of them, those with a candidate of this gallery. */
  readonly alarmCount: number
  /** Sums over the searches, each predicted for the references of this gallery alone; zeros where nothing is predicted. */
  readonly predictedSum: FpirSpan
}

/** A search that referred candidates. No probe, no subject, no traveller: only what an outcome is reported by. */
export interface Alarm extends TallyKey {
  readonly searchId: string
  /** The galleries that the candidates are in. */
  readonly galleryIds: readonly string[]
}

export interface MonitorBatch {
  readonly tallies: readonly SearchTally[]
  /** In the order of the searches. */
  readonly alarms: readonly Alarm[]
}

export interface OutcomeReport {
  readonly searchId: string
  readonly outcome: AlarmOutcome
  /**
   * With `same-person`: those of the alarmed galleries that this person is in; the alarms of the others were false. Empty for all of
   * them, and with every other outcome.
   */
  readonly galleryIds: readonly string[]
}

/** The searches of a gallery in one space, over some days. */
export interface MonitoredCounts {
  readonly algorithm: string
  readonly isPredicted: boolean
  readonly searchCount: number
  readonly alarmCount: number
  readonly predictedSum: FpirSpan
  /** Alarms by their outcome; the rest is pending. */
  readonly samePersonCount: number
  readonly differentPeopleCount: number
  readonly inconclusiveCount: number
}

/** The part of the store that the monitor works on; see `Store`. */
export interface MonitorStore {
  /** Adds to the counts, and keeps the alarms; galleries that are gone are left out. */
  addToMonitor(batch: MonitorBatch): Promise<void>
  /**
   * Counts the outcome of an alarm, once: the same report again changes nothing. An inconclusive one may be decided later.
   * @returns whether it was known
   * @throws DomainError SEARCH_NOT_FOUND; INVALID_ARGUMENT for a gallery that did not alarm; OUTCOME_CONFLICT
   */
  reportOutcome(report: OutcomeReport): Promise<{ readonly isRepeated: boolean }>
  /** From the first to the last day, both included. @throws DomainError GALLERY_NOT_FOUND */
  monitorCounts(galleryId: string, firstDay: number, lastDay: number): Promise<readonly MonitoredCounts[]>
}

/** Is told of every search that was answered. */
export interface SearchMonitor {
  /** Counts in memory and returns at once; never throws. */
  record(result: IdentificationResult): void
}

const DAY_MS = 24 * 60 * 60 * 1_000

/** @param atMs epoch milliseconds */
export function dayOf(atMs: number): number {
  return Math.floor(atMs / DAY_MS)
}

/** "2026-11-23" */
export function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10)
}

/** Reads what `dayText` writes. @throws DomainError INVALID_ARGUMENT naming `field` */
export function parseDay(field: string, text: string): number {
  const atMs = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(atMs) || dayText(dayOf(atMs)) !== text) throw invalid(field, 'a day YYYY-MM-DD', 'something else')
  return dayOf(atMs)
}
