import type { Alarm, FpirSpan, MonitorBatch, SearchTally } from '../../domain/monitor.js'
import type { GallerySearch, MonitoredSearch } from './monitored-search.js'

/** Alarms that wait for the store; more come together only while it cannot write. Then the oldest are given up, and stay pending. */
const ALARMS_MAX = 10_000

const NOTHING: FpirSpan = { rate: 0, lower95: 0, upper95: 0 }

/** Counts that are not in the store yet. There is one for each gallery, space and day, however many searches they count. */
export class PendingCounts {
  readonly #tallies = new Map<string, SearchTally>()
  #alarms: Alarm[] = []

  get isEmpty(): boolean {
    return this.#tallies.size === 0
  }

  add(search: MonitoredSearch, day: number): void {
    for (const gallery of search.galleries) this.#addTally(tallyOf(gallery, search.algorithm, day))
    const { searchId, algorithm, galleries } = search
    const alarmed = galleries.filter(({ isAlarm }) => isAlarm)
    if (alarmed.length === 0) return
    const isPredicted = alarmed.every(({ predicted }) => predicted !== null)
    this.#addAlarms([{ searchId, algorithm, isPredicted, day, galleryIds: alarmed.map(({ galleryId }) => galleryId) }])
  }

  /** Everything; then nothing is pending. */
  take(): MonitorBatch {
    const batch = { tallies: [...this.#tallies.values()], alarms: this.#alarms }
    this.#tallies.clear()
    this.#alarms = []
    return batch
  }

  /** What could not be stored; it comes before what was added since. */
  putBack({ tallies, alarms }: MonitorBatch): void {
    for (const tally of tallies) this.#addTally(tally)
    const since = this.#alarms
    this.#alarms = [...alarms]
    this.#addAlarms(since)
  }

  #addTally(tally: SearchTally): void {
    const key = [tally.galleryId, tally.algorithm, tally.isPredicted, tally.day].join('\n')
    const known = this.#tallies.get(key)
    this.#tallies.set(key, known === undefined ? tally : sumOf(known, tally))
  }

  #addAlarms(alarms: readonly Alarm[]): void {
    this.#alarms.push(...alarms)
    if (this.#alarms.length > ALARMS_MAX) this.#alarms = this.#alarms.slice(-ALARMS_MAX)
  }
}

function tallyOf({ galleryId, isAlarm, predicted }: GallerySearch, algorithm: string, day: number): SearchTally {
  return {
    galleryId,
    algorithm,
    isPredicted: predicted !== null,
    day,
    searchCount: 1,
    alarmCount: isAlarm ? 1 : 0,
    predictedSum: predicted ?? NOTHING,
  }
}

function sumOf(a: SearchTally, b: SearchTally): SearchTally {
  return {
    ...a,
    searchCount: a.searchCount + b.searchCount,
    alarmCount: a.alarmCount + b.alarmCount,
    predictedSum: {
      rate: a.predictedSum.rate + b.predictedSum.rate,
      lower95: a.predictedSum.lower95 + b.predictedSum.lower95,
      upper95: a.predictedSum.upper95 + b.predictedSum.upper95,
    },
  }
}
