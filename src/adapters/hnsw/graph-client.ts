import type { Logger } from '../../domain/ports.js'
import type { Graph, GraphAnswer, GraphState, GraphStatus, ReferenceSource } from '../../domain/search.js'
import { checkFeatures } from '../../domain/template.js'
import { Coverage } from './coverage.js'
import { CommandFailed, LinkEnded, ReplyLate } from './graph-link.js'
import { GraphOutworn, GraphSession, noSnapshot } from './graph-session.js'
import { Signal } from './signal.js'
import { removeAll } from './snapshot-files.js'

export interface GraphClientOptions {
  readonly featureCount: number
  /** URL of the entry of the graph's process, which calls `serveGraph`. */
  readonly entry: URL
  /** Of snapshots, of this graph alone; needs room for three of them. Null for none. */
  readonly folder: string | null
  /** Name of the space of the features: a snapshot of another one is not loaded. */
  readonly algorithm: string
  /** References below which there is no process and no graph. */
  readonly sizeMin?: number
  readonly snapshotEveryMs: number
  /** A process that says nothing for so long is killed, and another one started. */
  readonly silenceMsMax?: number
  readonly logger: Logger
}

/** At 2,000 references of 128 features the graph takes 0.6 ms and the exact scan a tenth of it; building takes 0.7 s and 60 MB. */
const SIZE_MIN = 2_000
const SILENCE_MS_MAX = 10_000
/** Breadth of the search: all of a million are found at 800 (design/SEARCH.md); more after each confirmed miss. */
const BREADTH_MIN = 800
const BREADTH_MAX = 4_000
const BREADTH_GROWTH = 1.5
/** References that an answer may leave to the exact comparison: half waiting, half not found again. */
const PENDING_MAX = 1_000
const LOST_MAX = 1_000
/** Removals that the process does not know of yet, for which so many more are asked. */
const UNWANTED_MAX = 1_000
const PAUSE_MS_MIN = 250
const PAUSE_MS_MAX = 60_000
/** A process that lived so long did not die of what it was started with. */
const LONG_LIFE_MS = 60_000

/**
 * The graph, in a process of its own: hnswlib is native code that can abort or corrupt the process that it lives in. That one
 * may die at any moment; here only numbers are kept, and another one is started, from a snapshot or from the store.
 *
 * No answer holds a reference that was removed, or leaves one out without naming it.
 */
export class GraphClient implements Graph {
  readonly #options: Required<GraphClientOptions>
  /** Something was added, or it is to end. */
  readonly #news = new Signal()
  #coverage = new Coverage([])
  #source: ReferenceSource | null = null
  #session: GraphSession | null = null
  #supervision: Promise<void> = Promise.resolve()
  #breadth = BREADTH_MIN
  #snapshotAtMs: number | null = null
  #reason = ''
  #isForgetting = false
  #isOutworn = false
  #isClosed = false

  constructor(options: GraphClientOptions) {
    this.#options = { sizeMin: SIZE_MIN, silenceMsMax: SILENCE_MS_MAX, ...options }
  }

  get status(): GraphStatus {
    const session = this.#session
    return {
      ...this.#condition(),
      nodeCount: session?.nodeCount ?? 0,
      pendingCount: session?.isOpen === true ? this.#coverage.pendingCount : this.#coverage.size,
      breadth: this.#breadth,
      snapshotAtMs: session?.snapshotAtMs ?? this.#snapshotAtMs,
    }
  }

  /** Of the process, while there is one. */
  get pid(): number | undefined {
    return this.#session?.link.pid
  }

  start(source: ReferenceSource, liveIds: readonly number[]): void {
    if (this.#source !== null || this.#isClosed) throw new Error('a graph is started once')
    this.#source = source
    this.#coverage = new Coverage(liveIds)
    this.#isForgetting = liveIds.length < this.#options.sizeMin // snapshots are of people who are gone
    this.#supervision = this.#supervise(source)
  }

  add(referenceIds: readonly number[]): void {
    this.#coverage.add(referenceIds)
    this.#wake()
  }

  remove(referenceIds: readonly number[]): void {
    this.#coverage.remove(referenceIds)
    this.#wake()
  }

  /** @throws DomainError INVALID_ARGUMENT, RangeError: what is no probe */
  async search(probe: Float32Array, countMax: number, timeoutMs: number): Promise<GraphAnswer | null> {
    checkFeatures(probe, this.#options.featureCount)
    if (!Number.isSafeInteger(countMax) || countMax < 1)
      throw new RangeError('a search asks for at least one reference')
    const session = this.#session
    if (session === null || !this.#isReady(session)) return null
    const coverage = this.#coverage
    // As of now: what is added while the process searches may be too late for this answer.
    const notCovered = coverage.notCovered()
    const found = await session.search(probe, countMax + coverage.unwantedCount, this.#breadth, timeoutMs)
    if (found === null) return null
    return {
      neighbours: found.filter(({ referenceId }) => coverage.isLive(referenceId)).slice(0, countMax),
      notCovered: notCovered.filter((referenceId) => coverage.isLive(referenceId)),
    }
  }

  broaden(): void {
    this.#breadth = Math.min(BREADTH_MAX, Math.ceil(this.#breadth * BREADTH_GROWTH))
  }

  async snapshot(): Promise<void> {
    const session = this.#session
    if (session === null) throw noSnapshot('no graph')
    return session.snapshot()
  }

  rebuild(): void {
    this.#isForgetting = true
    this.#session?.link.end('it is to be built anew')
    this.#news.give()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#session?.link.end('it was closed')
    this.#news.give()
    await this.#supervision
  }

  #wake(): void {
    this.#session?.changed()
    this.#news.give()
  }

  /** Starts a process whenever one is needed and there is none, for as long as this is open. */
  async #supervise(source: ReferenceSource): Promise<void> {
    for (let shortLives = 0; ;) {
      if (this.#isForgetting) await this.#forget()
      if (this.#isClosed) return
      if (this.#coverage.size < this.#options.sizeMin) {
        await this.#news.next()
        continue
      }
      const startedAtMs = performance.now()
      const end = await this.#live(source, this.#isOutworn ? Infinity : Math.max(0, shortLives - 1))
      this.#isOutworn = end instanceof GraphOutworn
      if (this.#isOutworn || this.#isForgetting) continue
      shortLives = performance.now() - startedAtMs > LONG_LIFE_MS ? 1 : shortLives + 1
      await this.#pause(Math.min(PAUSE_MS_MAX, PAUSE_MS_MIN * 2 ** (shortLives - 1)))
    }
  }

  /** One life of the process. @returns what ended it */
  async #live(source: ReferenceSource, skipCount: number): Promise<unknown> {
    const end = await this.#run(source, skipCount).catch((error: unknown) => error)
    this.#reason = reasonOf(end)
    if (!this.#isClosed) this.#options.logger.warn({ reason: this.#reason }, 'the process of the graph ended')
    await this.#session?.link.ended
    this.#snapshotAtMs = this.#session?.snapshotAtMs ?? this.#snapshotAtMs
    this.#session = null
    return end
  }

  async #run(source: ReferenceSource, skipCount: number): Promise<never> {
    this.#session = new GraphSession(this.#options, this.#coverage, source)
    return this.#session.run(skipCount)
  }

  async #pause(pauseMs: number): Promise<void> {
    const untilMs = performance.now() + pauseMs
    while (!this.#isClosed && !this.#isForgetting && performance.now() < untilMs)
      await this.#news.next(untilMs - performance.now())
  }

  async #forget(): Promise<void> {
    this.#isForgetting = false
    this.#snapshotAtMs = null
    if (this.#options.folder === null) return
    await removeAll(this.#options.folder).catch(() => {
      this.#options.logger.warn({}, 'old snapshots of the graph could not be removed')
    })
  }

  #isReady(session: GraphSession): boolean {
    return session.isOpen && this.#condition().state === 'ready' && this.#coverage.unwantedCount <= UNWANTED_MAX
  }

  #condition(): { readonly state: GraphState; readonly reason: string } {
    const session = this.#session
    if (this.#isClosed) return { state: 'down', reason: 'it was closed' }
    if (this.#isForgetting) return { state: 'building', reason: 'it is to be built anew' }
    if (session === null && this.#coverage.size < this.#options.sizeMin)
      return { state: 'building', reason: 'there are fewer references than a graph pays for' }
    if (session === null && this.#reason !== '') return { state: 'down', reason: this.#reason }
    if (session?.isOpen !== true) return { state: 'building', reason: 'it is being started' }
    if (this.#coverage.lostCount > LOST_MAX) return { state: 'down', reason: 'it does not find too many references' }
    if (this.#coverage.pendingCount > PENDING_MAX) return { state: 'building', reason: 'references are being added' }
    return { state: 'ready', reason: '' }
  }
}

/** Nothing of an unexpected error: it could tell of a person. */
function reasonOf(end: unknown): string {
  const isOurs = [LinkEnded, CommandFailed, ReplyLate, GraphOutworn].some((kind) => end instanceof kind)
  return isOurs ? (end as Error).message : 'a failure'
}
