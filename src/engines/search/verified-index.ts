import { checkAlive, type CallContext } from '../../domain/context.js'
import { DomainError } from '../../domain/errors.js'
import type {
  Graph,
  GraphAnswer,
  IndexedReference,
  IndexSearch,
  IndexSearchResult,
  IndexStatus,
  Neighbour,
  ReferenceSource,
  SearchIndex,
  SearchMode,
  Shard,
} from '../../domain/search.js'
import { checkFeatures } from '../../domain/template.js'
import { boundOf, confirm, survivors, type Survivor } from './confirm.js'
import { quantiseProbe } from './quantiser.js'
import { RecallTally } from './recall-tally.js'
import { ShardSet } from './shard-set.js'

export interface VerifiedIndexOptions {
  readonly featureCount: number
  readonly shards: readonly Shard[]
  /** Null serves by the exact scan alone. */
  readonly graph: Graph | null
  readonly source: ReferenceSource
  /** A shard failed, or the rows have outgrown the quantiser: whoever orders the changes then calls `load()`. */
  readonly onLoadNeeded: () => void
}

/** A graph over all references helps a search that covers at least this share of them. */
const GRAPH_SHARE_MIN = 0.5
/** References that the graph does not hold and that are compared one by one; beyond, the exact scan is faster. */
const NOT_COVERED_MAX = 2_000
const GRAPH_TIMEOUT_MS = 2_000
/** One in so many searches by the graph alone is repeated by the exact scan. */
const AUDIT_EVERY = 20
/** Each further try needs one more deletion of a likely candidate within a few milliseconds. */
const SCAN_TRIES_MAX = 20
/** How long a search waits for an index that is being loaded again. */
const LOAD_WAIT_MS = 2_000

/**
 * The index that the product searches: shards of an exact scan, which together cover every reference in every search, and a
 * graph that is asked first where it helps. `quantiser.ts` proves that the scan misses nobody; one piece of code (`confirm`)
 * makes the scores of every mode.
 */
export class VerifiedIndex implements SearchIndex {
  readonly #options: VerifiedIndexOptions
  readonly #set: ShardSet
  readonly #tally = new RecallTally()
  #state: IndexStatus['state'] = 'loading'
  #loading: Promise<unknown> = Promise.resolve()
  #loadCount = 0
  #graphSearchCount = 0
  #newestId = 0

  constructor(options: VerifiedIndexOptions) {
    this.#options = options
    this.#set = new ShardSet(options.featureCount, options.shards)
  }

  get size(): number {
    return this.#set.size
  }

  get status(): IndexStatus {
    return {
      state: this.#state,
      referenceCount: this.size,
      shards: this.#set.statuses,
      quantiser: this.#set.quantiser,
      graph: this.#options.graph?.status ?? null,
      audit: this.#tally.audit,
      recoveryCount: Math.max(0, this.#loadCount - 1),
    }
  }

  async load(): Promise<void> {
    const loading = this.#set.load(this.#options.source)
    this.#state = this.#loadCount === 0 ? 'loading' : 'recovering'
    this.#loading = loading.catch(() => undefined)
    const ids = await loading
    this.#newestId = ids.reduce((max, id) => Math.max(max, id), this.#newestId)
    if (this.#loadCount++ === 0) this.#options.graph?.start(this.#options.source, ids)
    this.#state = 'ready'
  }

  async add(references: readonly IndexedReference[]): Promise<void> {
    for (const { features } of references) checkFeatures(features, this.#options.featureCount)
    for (const { referenceId } of references) this.#newestId = Math.max(this.#newestId, referenceId)
    this.#options.graph?.add(references.map(({ referenceId }) => referenceId)) // before the scan can hold them against it
    await this.#guarded(() => this.#set.add(references))
    if (this.#set.isOutgrown) this.#options.onLoadNeeded()
  }

  async remove(referenceIds: readonly number[]): Promise<void> {
    this.#options.graph?.remove(referenceIds)
    await this.#guarded(() => this.#set.remove(referenceIds))
  }

  async setTags(changes: readonly { readonly referenceId: number; readonly tag: number }[]): Promise<void> {
    await this.#guarded(() => this.#set.setTags(changes))
  }

  async search(search: IndexSearch, context: CallContext): Promise<IndexSearchResult> {
    checkFeatures(search.probe, this.#options.featureCount)
    if (!(search.countMax >= 1)) throw new RangeError('a search asks for at least one reference')
    await this.#untilReady()
    checkAlive(context)
    const mode = this.#modeFor(search)
    const answer = mode === 'exact' ? null : await this.#askGraph(search)
    checkAlive(context)
    if (answer === null) return this.#exact(search)
    return mode === 'hnsw' ? this.#byGraph(search, answer) : this.#verified(search, answer)
  }

  rebuildGraph(): void {
    this.#options.graph?.rebuild()
  }

  async snapshot(): Promise<void> {
    const { graph } = this.#options
    if (graph === null) throw new DomainError('UNAVAILABLE', 'a graph to make a snapshot of', 'none')
    await graph.snapshot()
  }

  async close(): Promise<void> {
    await this.#options.graph?.close()
    await this.#set.close()
  }

  #modeFor({ mode, tags, acceptedCount }: IndexSearch): SearchMode {
    const isWide = tags === null || acceptedCount >= this.size * GRAPH_SHARE_MIN
    if (mode === 'exact' || !isWide || this.#options.graph?.status.state !== 'ready') return 'exact'
    return mode === 'auto' ? 'verified' : mode
  }

  async #exact(search: IndexSearch): Promise<IndexSearchResult> {
    return { ...(await this.#scan(search, search.scoreMin)), mode: 'exact', missedByGraphCount: 0 }
  }

  /** The graph's k-th score prunes the scan, which then covers every reference all the same. */
  async #verified(search: IndexSearch, answer: DatedAnswer): Promise<IndexSearchResult> {
    const graph = await this.#confirmGraph(search, answer)
    const kth = graph.neighbours[search.countMax - 1]?.score
    const scan = await this.#scan(search, Math.max(search.scoreMin, kth ?? -Infinity))
    const missedByGraphCount = missedBy(answer, scan.neighbours)
    this.#judge(scan.neighbours.length, missedByGraphCount)
    return { ...scan, mode: 'verified', comparedCount: scan.comparedCount + graph.comparedCount, missedByGraphCount }
  }

  async #byGraph(search: IndexSearch, answer: DatedAnswer): Promise<IndexSearchResult> {
    const { neighbours, comparedCount } = await this.#confirmGraph(search, answer)
    if (++this.#graphSearchCount % AUDIT_EVERY === 0) void this.#audit(search, answer)
    return { neighbours, comparedCount, mode: 'hnsw', coveredCount: this.size, missedByGraphCount: 0, scoreBound: null }
  }

  /** Null when the graph cannot answer, or leaves so much out that the scan is faster. */
  async #askGraph(search: IndexSearch): Promise<DatedAnswer | null> {
    const { graph } = this.#options
    // Of the graph's neighbours only those in the scope count; the half more makes up for an uneven share.
    const share = search.tags === null ? 1 : (1.5 * this.size) / Math.max(1, search.acceptedCount)
    const newestId = this.#newestId
    const askedCount = Math.ceil(search.countMax * share)
    const answer = await graph?.search(search.probe, askedCount, GRAPH_TIMEOUT_MS)
    if (answer === undefined || answer === null || answer.notCovered.length > NOT_COVERED_MAX) return null
    return { ...answer, newestId, askedCount }
  }

  async #confirmGraph(search: IndexSearch, { neighbours, notCovered }: GraphAnswer) {
    const ids = new Set([...neighbours.map(({ referenceId }) => referenceId), ...notCovered])
    const rows = [...ids].filter(search.accept).map((referenceId) => ({ referenceId, scanned: Infinity }))
    return confirm(search.probe, rows, Infinity, search, this.#options.source)
  }

  /** Repeats a search that the graph answered alone; the caller does not wait for it. */
  async #audit(search: IndexSearch, answer: DatedAnswer): Promise<void> {
    try {
      const { neighbours } = await this.#scan(search, search.scoreMin)
      this.#judge(neighbours.length, missedBy(answer, neighbours))
    } catch {
      // A failed shard has been reported by its own search.
    }
  }

  #judge(checkedCount: number, missedCount: number): void {
    this.#tally.record(checkedCount, missedCount)
    if (missedCount > 0) this.#options.graph?.broaden()
  }

  /** Scans, and scans again when a row was deleted meanwhile: it may have pushed out one that belongs to the answer. */
  async #scan(search: IndexSearch, scoreMin: number) {
    for (let tries = 1; ; tries++) {
      const { vanishedCount, ...scan } = await this.#scanOnce(search, scoreMin)
      if (vanishedCount === 0) return scan
      if (tries === SCAN_TRIES_MAX)
        throw new DomainError('UNAVAILABLE', 'a search between two deletions', `${SCAN_TRIES_MAX} that met one`)
    }
  }

  async #scanOnce(search: IndexSearch, scoreMin: number) {
    const { probe, countMax, tags } = search
    const query = { probe: quantiseProbe(probe), countMax, scoreMin, tags }
    await this.#untilReady() // while the graph was asked, the index may have begun to load again
    const answers = await this.#guarded(() => this.#set.search(query))
    const rows: readonly Survivor[] = survivors(answers, countMax)
    const bound = boundOf(answers)
    const confirmed = await confirm(probe, rows, bound, { countMax, scoreMin }, this.#options.source)
    const coveredCount = answers.reduce((sum, answer) => sum + answer.coveredCount, 0)
    return { ...confirmed, coveredCount, scoreBound: bound }
  }

  /** A part that failed makes the whole unusable until it is loaded again: a partial answer could read as "nobody". */
  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      const isFull = error instanceof DomainError && error.code === 'OVERLOADED'
      if (!isFull && this.#state === 'ready') {
        this.#state = 'recovering'
        this.#options.onLoadNeeded()
      }
      throw error
    }
  }

  async #untilReady(): Promise<void> {
    if (this.#state !== 'ready') await Promise.race([this.#loading, patience()])
    if (this.#state !== 'ready')
      throw new DomainError('UNAVAILABLE', 'an index that holds every reference', `one that is ${this.#state}`, {
        retryAfterMs: LOAD_WAIT_MS,
      })
  }
}

/** A graph's answer, the newest reference that it could know, and how many neighbours it was asked for. */
interface DatedAnswer extends GraphAnswer {
  readonly newestId: number
  readonly askedCount: number
}

/** How far a graph's own float32 scores can be from the true ones, and some more; see `GraphAnswer`. */
const GRAPH_SCORE_ERROR = 2e-5

/**
 * Neighbours that the graph neither found nor named as not covered. One that is newer than all that it knew of came between its
 * answer and the scan's, and is no miss. Nor is one that is no better than the last of a full list: ties, and what follows when
 * most of the list is out of scope, were not asked for.
 */
function missedBy(answer: DatedAnswer, neighbours: readonly Neighbour[]): number {
  const known = new Set([...answer.neighbours.map(({ referenceId }) => referenceId), ...answer.notCovered])
  const isFull = answer.neighbours.length >= answer.askedCount
  const least = isFull ? (answer.neighbours.at(-1)?.score ?? -Infinity) + GRAPH_SCORE_ERROR : -Infinity
  return neighbours.filter(
    ({ referenceId, score }) => score > least && referenceId <= answer.newestId && !known.has(referenceId),
  ).length
}

function patience(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, LOAD_WAIT_MS).unref())
}
