import { setImmediate } from 'node:timers/promises'
import { DomainError } from '../domain/errors.js'
import type { IndexChange, IndexSearchResult, Mutated, SearchIndex, Store, StoredReference } from '../domain/ports.js'
import { ReferenceDirectory, type SearchScope } from './reference-directory.js'

/** Mutations that may wait for their turn; one takes a few milliseconds, so this is some seconds of work. */
const WAITING_MAX = 1_000

/**
 * The searchable references of one space: the index, and the directory that says whose each one is.
 *
 * Every mutation of the store goes through `commit()`, one at a time: what is committed first is searchable first,
 * and a mutation is answered only when it can be found (or can no longer be found).
 */
export class References {
  readonly #directory = new ReferenceDirectory()
  readonly #index: SearchIndex
  readonly #store: Store
  #tail: Promise<unknown> = Promise.resolve()
  #waitingCount = 0
  #state: 'loading' | 'ready' | 'out of step' = 'loading'

  constructor(
    store: Store,
    index: SearchIndex,
    /** The space that is searched; references of other spaces stay in the store. */
    readonly algorithm: string,
  ) {
    this.#store = store
    this.#index = index
  }

  /** References that can be searched. */
  get size(): number {
    return this.#index.size
  }

  get ready(): boolean {
    return this.#state === 'ready'
  }

  /** Reads everything from the store, once, before the first call is served. */
  async load(): Promise<void> {
    await this.#inTurn(async () => {
      for await (const chunk of this.#store.memberships()) this.#directory.setGalleries(chunk)
      for await (const chunk of this.#store.references(this.algorithm)) {
        for (const reference of chunk) await this.#enter(reference)
        await setImmediate() // health checks and signals get their turn
      }
      this.#state = 'ready'
    })
  }

  /**
   * Runs a mutation of the store and makes its change searchable.
   * @throws DomainError OVERLOADED when too many wait; whatever `mutation` throws, and then nothing changed
   */
  async commit<T>(mutation: () => Promise<Mutated<T>>): Promise<T> {
    return this.#inTurn(async () => {
      this.#checkReady()
      const { value, change } = await mutation()
      try {
        await this.#apply(change)
      } catch (cause) {
        // The store holds what the index does not: a search could miss a listed person, so there is none until a restart.
        this.#state = 'out of step'
        throw cause
      }
      return value
    })
  }

  /** The references of these galleries, as of now. */
  scope(galleryIds: readonly string[]): SearchScope {
    this.#checkReady()
    return this.#directory.scope(galleryIds)
  }

  /** The `countMax` most similar references of `scope` that reach `scoreMin`. */
  async search(
    probe: Float32Array,
    countMax: number,
    scoreMin: number,
    scope: SearchScope,
  ): Promise<IndexSearchResult> {
    this.#checkReady()
    return this.#index.search(probe, countMax, scoreMin, scope.accept, scope.referenceCount)
  }

  async #apply(change: IndexChange): Promise<void> {
    // First what takes effect at once: the directory turns away what the index still holds.
    for (const referenceId of change.removedReferenceIds) this.#directory.remove(referenceId)
    const added = change.added.filter((reference) => reference.algorithm === this.algorithm)
    for (const reference of added) if (this.#directory.has(reference.referenceId)) this.#directory.put(reference)
    this.#directory.setGalleries(change.memberships)
    for (const referenceId of change.removedReferenceIds) await this.#index.remove(referenceId)
    for (const reference of added) {
      if (!this.#directory.has(reference.referenceId)) await this.#enter(reference)
    }
  }

  /** The index first: what the directory knows can be found. */
  async #enter(reference: StoredReference): Promise<void> {
    await this.#index.add(reference.referenceId, reference.features).catch((cause: unknown) => {
      throw new DomainError('UNAVAILABLE', 'stored templates that can be searched', 'a damaged one', { cause })
    })
    this.#directory.put(reference)
  }

  #checkReady(): void {
    if (this.#state === 'ready') return
    const got =
      this.#state === 'loading' ? 'one that is still loading' : 'one that missed a change and must be restarted'
    throw new DomainError('UNAVAILABLE', 'an index that holds every acknowledged change', got)
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waitingCount >= WAITING_MAX)
      throw new DomainError('OVERLOADED', `at most ${WAITING_MAX} waiting changes`, 'one more', { retryAfterMs: 1_000 })
    this.#waitingCount++
    const turn = this.#tail.then(work).finally(() => this.#waitingCount--)
    this.#tail = turn.catch(() => undefined) // the next one runs whatever became of this one
    return turn
  }
}
