import { DomainError } from '../../domain/errors.js'
import type {
  IndexedReference,
  Quantiser,
  ReferenceSource,
  Shard,
  ShardAnswer,
  ShardQuery,
  ShardStatus,
} from '../../domain/search.js'
import { chooseQuantiser, SAMPLE_MIN } from './quantiser.js'

/** Rows from which the quantiser is chosen when there are enough. */
const SAMPLE_ROWS = 2 * SAMPLE_MIN
/** Exceptions beyond this share of the rows (and this number) say that the rows no longer fit the quantiser. */
const EXCEPTION_SHARE_MAX = 0.005
const EXCEPTIONS_MAX_MIN = 64

/** The shards of one index: which reference lives where, and the quantiser that they share. */
export class ShardSet {
  readonly #featureCount: number
  readonly #shards: readonly Shard[]
  #statuses: readonly ShardStatus[] = []
  #quantiser: Quantiser | null = null
  /** Whether the quantiser was chosen from fewer rows than its quantiles need. */
  #isProvisional = true
  /** False while rows are read: a search would cover only some of them. */
  #isWhole = false
  /** Exceptions right after loading: loading again would leave as many. */
  #exceptionsLoaded = 0

  constructor(featureCount: number, shards: readonly Shard[]) {
    this.#featureCount = featureCount
    this.#shards = shards
  }

  get size(): number {
    return this.#statuses.reduce((sum, { rowCount }) => sum + rowCount, 0)
  }

  get statuses(): readonly ShardStatus[] {
    return this.#statuses
  }

  get quantiser(): Quantiser | null {
    return this.#quantiser
  }

  /** Whether loading again would make searches faster; the answers are the same. */
  get isOutgrown(): boolean {
    const limit = Math.max(EXCEPTIONS_MAX_MIN, this.size * EXCEPTION_SHARE_MAX, 2 * this.#exceptionsLoaded)
    const tooMany = this.#exceptionCount > limit
    return (this.#isProvisional && this.size >= SAMPLE_ROWS) || (tooMany && !this.#isProvisional)
  }

  /** Empties the shards and reads all rows. @returns the ids of all rows, ascending */
  async load(source: ReferenceSource): Promise<readonly number[]> {
    const ids: number[] = []
    let held: IndexedReference[] = []
    this.#isWhole = false
    this.#quantiser = null
    this.#statuses = []
    for await (const rows of source.rows()) {
      for (const row of rows) {
        ids.push(row.referenceId)
        held.push(row)
      }
      if (!this.#isOpen && held.length < SAMPLE_ROWS) continue
      await this.add(held)
      held = []
    }
    await this.add(held)
    this.#exceptionsLoaded = this.#exceptionCount
    this.#isWhole = true
    return ids
  }

  async add(rows: readonly IndexedReference[]): Promise<void> {
    if (rows.length === 0) return
    if (this.#quantiser === null) await this.#open(rows)
    await this.#onEach(
      rows,
      (row) => row.referenceId,
      (shard, part) => shard.add(part),
    )
  }

  async remove(referenceIds: readonly number[]): Promise<void> {
    await this.#onEach(
      referenceIds,
      (id) => id,
      (shard, part) => shard.remove(part),
    )
  }

  async setTags(changes: readonly { readonly referenceId: number; readonly tag: number }[]): Promise<void> {
    await this.#onEach(
      changes,
      (change) => change.referenceId,
      (shard, part) => shard.setTags(part),
    )
  }

  /**
   * The answers of all shards; one that fails fails the search.
   * @throws DomainError UNAVAILABLE also while rows are read
   */
  async search(query: ShardQuery): Promise<readonly ShardAnswer[]> {
    if (!this.#isWhole) throw new DomainError('UNAVAILABLE', 'shards that hold every reference', 'some of them')
    if (this.#quantiser === null) return []
    return Promise.all(this.#shards.map((shard) => shard.search(query)))
  }

  async close(): Promise<void> {
    await Promise.all(this.#shards.map((shard) => shard.close()))
  }

  get #exceptionCount(): number {
    return this.#statuses.reduce((sum, { exceptionCount }) => sum + exceptionCount, 0)
  }

  get #isOpen(): boolean {
    return this.#quantiser !== null
  }

  async #open(rows: readonly IndexedReference[]): Promise<void> {
    const quantiser = chooseQuantiser(rows.slice(0, SAMPLE_ROWS).map(({ features }) => features))
    this.#statuses = await Promise.all(this.#shards.map((shard) => shard.open(this.#featureCount, quantiser)))
    this.#isProvisional = rows.length < SAMPLE_MIN
    this.#quantiser = quantiser
  }

  async #onEach<T>(
    items: readonly T[],
    idOf: (item: T) => number,
    change: (shard: Shard, part: readonly T[]) => Promise<ShardStatus>,
  ): Promise<void> {
    if (this.#quantiser === null) return
    const count = this.#shards.length
    this.#statuses = await Promise.all(
      this.#shards.map(async (shard, s) => {
        const part = items.filter((item) => idOf(item) % count === s)
        return part.length === 0 ? this.#statuses[s]! : change(shard, part)
      }),
    )
  }
}
