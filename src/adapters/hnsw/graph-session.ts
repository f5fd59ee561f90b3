import { DomainError } from '../../domain/errors.js'
import type { Logger } from '../../domain/ports.js'
import type { Neighbour, ReferenceSource } from '../../domain/search.js'
import type { Coverage } from './coverage.js'
import { CommandFailed, GraphLink, LinkEnded, ReplyLate } from './graph-link.js'
import { packRows, type GraphCommand, type GraphReplies, type GraphSize } from './protocol.js'
import { Signal } from './signal.js'

export interface GraphSessionOptions {
  readonly featureCount: number
  /** URL of the entry of the graph's process. */
  readonly entry: URL
  /** Of snapshots, of this graph alone; null for none. */
  readonly folder: string | null
  /** Name of the space of the features: a snapshot of another one is not loaded. */
  readonly algorithm: string
  readonly snapshotEveryMs: number
  readonly silenceMsMax: number
  readonly logger: Logger
}

/** Bytes of features in one message; 256 references of 128 features are 128 KiB, and half a second of building at a million. */
const BATCH_COUNT = 256
const REMOVAL_COUNT = 1_000
/** References of a snapshot that are compared with the store's before it is trusted. */
const CHECK_COUNT = 64
/** The graph is built anew when more than this share of its nodes is removed; at a half, a search takes twice as long. */
const REMOVED_SHARE_MAX = 0.25
const REMOVED_COUNT_MIN = 100
/** A batch takes half a second at a million references; loading or writing a gigabyte, half a minute. */
const CHANGE_TIMEOUT_MS = 60_000
const SNAPSHOT_TIMEOUT_MS = 600_000
/** After a failure of the store. */
const SOURCE_PAUSE_MS = 1_000

/** A session that wants a new one: too much of the graph is removed. */
export class GraphOutworn extends Error {}

interface SnapshotWish {
  readonly done: Promise<void>
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/** One life of the graph's process and what it is told: a snapshot to load, then removals, additions and snapshots, one at a time. */
export class GraphSession {
  readonly link: GraphLink
  readonly #options: GraphSessionOptions
  readonly #coverage: Coverage
  readonly #source: ReferenceSource
  readonly #work = new Signal()
  #isOpen = false
  #size: GraphSize = { nodeCount: 0, removedCount: 0 }
  #snapshotAtMs: number | null = null
  #changeCount = 0
  #wish: SnapshotWish | null = null

  constructor(options: GraphSessionOptions, coverage: Coverage, source: ReferenceSource) {
    this.link = new GraphLink(options.entry, options.silenceMsMax)
    this.#options = options
    this.#coverage = coverage
    this.#source = source
  }

  /** Whether it knows what the process holds. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  get nodeCount(): number {
    return this.#size.nodeCount
  }

  get snapshotAtMs(): number | null {
    return this.#snapshotAtMs
  }

  /** Works until the process ends. @param skipCount newest snapshots that are not to be trusted */
  async run(skipCount: number): Promise<never> {
    const timer = setInterval(() => this.#snapshotChanges(), this.#options.snapshotEveryMs).unref()
    void this.link.ended.then(() => this.#work.give())
    try {
      await this.#open(skipCount)
      for (;;) await this.#step()
    } finally {
      clearInterval(timer)
      this.#isOpen = false
      this.#coverage.notSent()
      this.link.end('it is not needed any more')
      this.#wish?.reject(noSnapshot('a process that ended'))
    }
  }

  /** Something was added or removed. */
  changed(): void {
    this.#work.give()
  }

  /** Null when there is no answer in time. */
  async search(
    probe: Float32Array,
    countMax: number,
    breadth: number,
    timeoutMs: number,
  ): Promise<readonly Neighbour[] | null> {
    // Behind a late answer the next one would be late too.
    if (!this.#isOpen || this.link.isLate) return null
    try {
      return (await this.link.call({ kind: 'search', probe, countMax, breadth }, timeoutMs)).neighbours
    } catch (error) {
      if (error instanceof CommandFailed) this.link.end('a search failed')
      if (error instanceof CommandFailed || error instanceof LinkEnded || error instanceof ReplyLate) return null
      throw error
    }
  }

  /** @throws DomainError UNAVAILABLE */
  async snapshot(): Promise<void> {
    if (this.#options.folder === null) throw noSnapshot('no folder')
    if (!this.#isOpen) throw noSnapshot('a graph that is not ready')
    this.#wish ??= newWish()
    this.#work.give()
    return this.#wish.done
  }

  async #open(skipCount: number): Promise<void> {
    const { folder, algorithm, featureCount } = this.#options
    const capacity = Math.ceil(this.#coverage.size * 1.1)
    const { snapshotAtMs, ...size } = await this.link.call(
      { kind: 'open', folder, algorithm, featureCount, skipCount, capacity },
      SNAPSHOT_TIMEOUT_MS,
    )
    await this.#coverage.begin(this.#heldPages())
    if (snapshotAtMs !== null) await this.#checkHeld()
    this.#snapshotAtMs = snapshotAtMs
    this.#size = size
    this.#isOpen = true
  }

  async *#heldPages() {
    for (let from = 0; ;) {
      const { referenceIds } = await this.link.call({ kind: 'held', from }, CHANGE_TIMEOUT_MS)
      if (referenceIds.length === 0) return
      yield referenceIds
      from += referenceIds.length
    }
  }

  /** A snapshot may be sound and still not be of this store: one that was put back from a copy may have given ids anew. */
  async #checkHeld(): Promise<void> {
    const rows = await this.#source.features(this.#coverage.sample(CHECK_COUNT)).catch(() => [])
    const { foundCount } = await this.link.call(
      { kind: 'check', ...packRows(rows, this.#options.featureCount) },
      CHANGE_TIMEOUT_MS,
    )
    if (foundCount < rows.length) throw new CommandFailed('the snapshot does not hold what the store holds')
  }

  async #step(): Promise<void> {
    const removedMax = Math.max(REMOVED_COUNT_MIN, REMOVED_SHARE_MAX * this.#size.nodeCount)
    if (this.#size.removedCount > removedMax) throw new GraphOutworn('too many references are removed')
    if (this.#coverage.unwantedCount > 0) await this.#remove()
    else if (this.#wish !== null) await this.#write(this.#wish)
    else if (this.#coverage.pendingCount > 0) await this.#add()
    else await this.#work.next()
    this.link.checkAlive()
  }

  async #remove(): Promise<void> {
    const ids = this.#coverage.unwanted(REMOVAL_COUNT)
    this.#size = await this.#change({ kind: 'remove', referenceIds: Float64Array.from(ids) })
    this.#coverage.removed(ids)
  }

  async #add(): Promise<void> {
    const ids = this.#coverage.takePending(BATCH_COUNT)
    const rows = await this.#read(ids)
    if (rows === null) return
    const { lost, ...size } = await this.#change({ kind: 'add', ...packRows(rows, this.#options.featureCount) })
    this.#size = size
    this.#coverage.added(lost)
  }

  /** Null when the store fails: they are read again a little later. */
  async #read(ids: readonly number[]) {
    try {
      const rows = await this.#source.features(ids)
      const known = new Set(rows.map(({ referenceId }) => referenceId))
      this.#coverage.forget(ids.filter((referenceId) => !known.has(referenceId)))
      return rows
    } catch {
      this.#coverage.notSent()
      this.#options.logger.warn({}, 'the graph could not read references from the store')
      await this.#work.next(SOURCE_PAUSE_MS)
      return null
    }
  }

  #change<C extends GraphCommand>(command: C): Promise<GraphReplies[C['kind']]> {
    this.#changeCount++
    return this.link.call(command, CHANGE_TIMEOUT_MS)
  }

  /** Nothing else is changed meanwhile; searches go on. */
  async #write(wish: SnapshotWish): Promise<void> {
    try {
      this.#snapshotAtMs = (await this.link.call({ kind: 'snapshot' }, SNAPSHOT_TIMEOUT_MS)).createdAtMs
      this.#changeCount = 0
      this.#wish = null
      wish.resolve()
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error
      this.#wish = null
      wish.reject(noSnapshot(error.message))
    }
  }

  #snapshotChanges(): void {
    if (this.#changeCount === 0 || !this.#isOpen || this.#options.folder === null) return
    this.snapshot().catch((error: unknown) => {
      const got = error instanceof DomainError ? error.got : 'a failure'
      this.#options.logger.warn({ got }, 'no snapshot of the graph was written')
    })
  }
}

function newWish(): SnapshotWish {
  let resolve!: () => void
  let reject!: (error: Error) => void
  const done = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { done, resolve, reject }
}

export function noSnapshot(got: string): DomainError {
  return new DomainError('UNAVAILABLE', 'a snapshot of the graph on the disk', got)
}
