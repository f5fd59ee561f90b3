import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import type { CallContext } from '../domain/context.js'
import { DomainError } from '../domain/errors.js'
import type { IndexChange, Mutated, Store } from '../domain/ports.js'
import type {
  IndexedReference,
  IndexSearchResult,
  IndexStatus,
  ReferenceSource,
  SearchIndex,
  SearchModeWish,
} from '../domain/search.js'
import { checkFeatures } from '../domain/template.js'
import { ReferenceDirectory, type SearchScope } from './reference-directory.js'
import { TagTable } from './tag-table.js'

/** Mutations that may wait for their turn; one takes a few milliseconds, so this is some seconds of work. */
const WAITING_MAX = 1_000
/** Between two tries to load an index again that failed. */
const RELOAD_PAUSE_MS = 1_000

/** Makes the index on what it may read again; `onLoadNeeded` asks for `load()`, in turn with the changes. */
export type IndexFactory = (source: ReferenceSource, onLoadNeeded: () => void) => SearchIndex

/** What is asked of the references of a scope. */
export interface ReferenceSearch {
  readonly probe: Float32Array
  readonly countMax: number
  readonly scoreMin: number
  readonly scope: SearchScope
  readonly mode: SearchModeWish
}

/** A further index that holds what the store holds; it changes in turn with the first one, before a change is acknowledged. */
export interface ChangeFollower {
  readonly ready: boolean
  /** Reads everything from the store. */
  load(): Promise<void>
  /** @throws DomainError UNAVAILABLE; everything is then loaded again */
  apply(change: IndexChange): Promise<void>
  close(): Promise<void>
}

/**
 * The searchable references of one space: the index, and the directory that says whose each one is.
 *
 * Every mutation of the store goes through `commit()`, one at a time: what is committed first is searchable first,
 * and a mutation is answered only when it can be found (or can no longer be found). An index that failed, or missed a change, is
 * loaded again from the store; until then searches are refused rather than answered in part.
 */
export class References implements ReferenceSource {
  readonly #tags = new TagTable()
  readonly #index: SearchIndex
  readonly #store: Store
  readonly #featureCount: number
  readonly #followers: ChangeFollower[] = []
  #directory = new ReferenceDirectory(this.#tags)
  #tail: Promise<unknown> = Promise.resolve()
  #waitingCount = 0
  #isLoaded = false
  #isReloading = false
  #isClosed = false

  constructor(
    store: Store,
    makeIndex: IndexFactory,
    /** The space that is searched; references of other spaces stay in the store. */
    readonly algorithm: string,
    featureCount: number,
  ) {
    this.#store = store
    this.#featureCount = featureCount
    this.#index = makeIndex(this, () => void this.#reload())
  }

  /** References that can be searched. */
  get size(): number {
    return this.#index.size
  }

  get status(): IndexStatus {
    return this.#index.status
  }

  get ready(): boolean {
    return this.#isLoaded && this.#index.status.state === 'ready' && this.#followers.every(({ ready }) => ready)
  }

  /** Before `load()`: an index that is to change in turn with this one. It may ask for `loadAgain()`. */
  follow(follower: ChangeFollower): void {
    this.#followers.push(follower)
  }

  /** Everything is loaded again, in turn with the changes, until that works. */
  loadAgain(): void {
    void this.#reload()
  }

  /** Reads everything from the store, once, before the first call is served. */
  async load(): Promise<void> {
    await this.#inTurn(() => this.#loadAll())
  }

  /**
   * Reads everything from the store again, in turn with the changes; searches are refused meanwhile.
   * @throws DomainError when that failed; it is then tried again in the background until it works
   */
  async reload(): Promise<void> {
    await this.#inTurn(async () => {
      try {
        await this.#loadAll()
      } catch (cause) {
        void this.#reload()
        throw cause
      }
    })
  }

  /** Has the graph built anew in the background; the exact scan serves meanwhile. */
  rebuildGraph(): void {
    this.#index.rebuildGraph()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#index.close()
    for (const follower of this.#followers) await follower.close()
  }

  /** For the index: all references, with their tags. Enters them into the directory on the way. */
  async *rows(): AsyncIterable<readonly IndexedReference[]> {
    for await (const chunk of this.#store.references(this.algorithm)) {
      yield chunk.map((reference) => {
        this.#check(reference.features)
        this.#directory.put(reference)
        return {
          referenceId: reference.referenceId,
          features: reference.features,
          tag: this.#directory.tagOf(reference.subjectId),
        }
      })
      await setImmediate() // health checks and signals get their turn
    }
  }

  /** For the index: the stored features, to compare exactly. */
  async features(referenceIds: readonly number[]) {
    return this.#store.features(referenceIds, this.algorithm)
  }

  /**
   * Runs a mutation of the store and makes its change searchable.
   * @throws DomainError OVERLOADED when too many wait; whatever `mutation` throws, and then nothing changed;
   * UNAVAILABLE when the change is in the store and the index is being loaded again to hold it too
   */
  async commit<T>(mutation: () => Promise<Mutated<T>>): Promise<T> {
    return this.#inTurn(async () => {
      this.#checkLoaded()
      const { value, change } = await mutation()
      try {
        await this.#apply(change)
        for (const follower of this.#followers) await follower.apply(change)
      } catch (cause) {
        this.#isLoaded = false // a search could miss a listed person: there is none until the index holds everything
        void this.#reload()
        throw cause
      }
      return value
    })
  }

  /** The references of these galleries, as of now. */
  scope(galleryIds: readonly string[]): SearchScope {
    this.#checkLoaded()
    return this.#directory.scope(galleryIds)
  }

  /** Every reference, also of subjects that are in no gallery: for looking after the index, never for an answer. */
  everything(): SearchScope {
    this.#checkLoaded()
    return this.#directory.everything()
  }

  /** Ids of all references that can be searched, as of now. */
  referenceIds(): readonly number[] {
    this.#checkLoaded()
    return this.#directory.referenceIds()
  }

  /** The galleries of a reference's subject, as of now; null when it cannot be searched any more. */
  galleriesOf(referenceId: number): readonly string[] | null {
    this.#checkLoaded()
    return this.#directory.galleriesOf(referenceId)
  }

  /** The `countMax` most similar references of the scope that reach `scoreMin`. */
  async search({ scope, ...search }: ReferenceSearch, context: CallContext): Promise<IndexSearchResult> {
    this.#checkLoaded()
    const { tags, accept, referenceCount } = scope
    return this.#index.search({ ...search, tags, accept, acceptedCount: referenceCount }, context)
  }

  async #apply(change: IndexChange): Promise<void> {
    const directory = this.#directory
    // First what takes effect at once: the directory turns away what the index still holds.
    for (const referenceId of change.removedReferenceIds) directory.remove(referenceId)
    const here = change.added.filter((reference) => reference.algorithm === this.algorithm)
    const moved = here.filter((reference) => directory.has(reference.referenceId))
    const added = here.filter((reference) => !directory.has(reference.referenceId))
    for (const reference of moved) directory.put(reference)
    directory.setGalleries(change.memberships)

    if (change.removedReferenceIds.length > 0) await this.#index.remove(change.removedReferenceIds)
    const retagged = directory.tagsOf([...change.memberships, ...moved].map(({ subjectId }) => subjectId))
    if (retagged.length > 0) await this.#index.setTags(retagged)
    if (added.length === 0) return
    await this.#index.add(
      added.map(({ referenceId, features, subjectId }) => {
        this.#check(features)
        return { referenceId, features, tag: directory.tagOf(subjectId) }
      }),
    )
    for (const reference of added) directory.put(reference)
  }

  async #loadAll(): Promise<void> {
    this.#isLoaded = false
    this.#directory = new ReferenceDirectory(this.#tags)
    for await (const chunk of this.#store.memberships()) this.#directory.setGalleries(chunk)
    await this.#index.load()
    for (const follower of this.#followers) await follower.load()
    this.#isLoaded = true
  }

  /** Loads the index again, in turn with the changes, until it works. */
  async #reload(): Promise<void> {
    if (this.#isReloading) return
    this.#isReloading = true
    while (!this.#isClosed) {
      try {
        await this.#inTurn(() => this.#loadAll())
        break
      } catch {
        await sleep(RELOAD_PAUSE_MS, null, { ref: false })
      }
    }
    this.#isReloading = false
  }

  #check(features: Float32Array): void {
    try {
      checkFeatures(features, this.#featureCount)
    } catch (cause) {
      throw new DomainError('UNAVAILABLE', 'stored templates that can be searched', 'a damaged one', { cause })
    }
  }

  #checkLoaded(): void {
    if (this.#isLoaded) return
    throw new DomainError('UNAVAILABLE', 'an index that holds every acknowledged change', 'one that is still loading', {
      retryAfterMs: RELOAD_PAUSE_MS,
    })
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
