import type { CallContext } from '../domain/context.js'
import { DomainError } from '../domain/errors.js'
import type { FingerAnalyser } from '../domain/finger-analysis.js'
import type {
  FingerAnswer,
  FingerIndex,
  FingerIndexStatus,
  FingerQuery,
  FingerSource,
  IndexedFinger,
} from '../domain/finger-search.js'
import { areComparable, type FingerPosition, type NormalisedMinutiae } from '../domain/finger.js'
import type { IndexChange, StoredFinger, Store } from '../domain/ports.js'
import type { Neighbour } from '../domain/search.js'
import { ReferenceDirectory, type SearchScope } from './reference-directory.js'
import type { ChangeFollower } from './references.js'
import { TagTable } from './tag-table.js'

/** Makes the index on what it may read again; `onLoadNeeded` asks for everything to be loaded again. */
export type FingerIndexFactory = (source: FingerSource, onLoadNeeded: () => void) => FingerIndex

/** One impression of a probe. */
export interface FingerProbe {
  readonly position: FingerPosition
  readonly minutiae: NormalisedMinutiae
}

/** The searchable fingerprints of one space: the index, and the directory that says whose each one is. */
export class FingerReferences implements FingerSource, ChangeFollower {
  readonly #tags = new TagTable()
  readonly #index: FingerIndex
  readonly #store: Store
  readonly #analyser: FingerAnalyser
  #directory = new ReferenceDirectory(this.#tags)
  readonly #positions = new Map<number, FingerPosition>()
  #isLoaded = false

  constructor(store: Store, analyser: FingerAnalyser, makeIndex: FingerIndexFactory, onLoadNeeded: () => void) {
    this.#store = store
    this.#analyser = analyser
    this.#index = makeIndex(this, () => {
      this.#isLoaded = false
      onLoadNeeded()
    })
  }

  /** The space that is searched; fingers of other spaces stay in the store. */
  get algorithm(): string {
    return this.#analyser.algorithm.algorithm
  }

  get status(): FingerIndexStatus {
    return this.#index.status
  }

  get ready(): boolean {
    return this.#isLoaded && this.#index.status.state === 'ready'
  }

  async load(): Promise<void> {
    this.#isLoaded = false
    this.#directory = new ReferenceDirectory(this.#tags)
    this.#positions.clear()
    for await (const chunk of this.#store.memberships()) this.#directory.setGalleries(chunk)
    await this.#index.load()
    this.#isLoaded = true
  }

  /** For the index: all fingers, with their tags. Enters them into the directory on the way. */
  async *fingers(): AsyncIterable<readonly IndexedFinger[]> {
    for await (const chunk of this.#store.fingers(this.algorithm)) {
      for (const reference of chunk) this.#directory.put(reference)
      yield chunk.map((reference) => this.#indexed(reference))
    }
  }

  async apply(change: IndexChange): Promise<void> {
    const directory = this.#directory
    // First what takes effect at once: the directory turns away what the index still holds.
    for (const referenceId of change.removedReferenceIds) {
      directory.remove(referenceId)
      this.#positions.delete(referenceId)
    }
    const here = change.addedFingers.filter(({ algorithm }) => algorithm === this.algorithm)
    const moved = here.filter(({ referenceId }) => directory.has(referenceId))
    const added = here.filter(({ referenceId }) => !directory.has(referenceId))
    for (const reference of moved) directory.put(reference)
    directory.setGalleries(change.memberships)

    if (change.removedReferenceIds.length > 0) await this.#index.remove(change.removedReferenceIds)
    const retagged = directory.tagsOf([...change.memberships, ...moved].map(({ subjectId }) => subjectId))
    if (retagged.length > 0) await this.#index.setTags(retagged)
    if (added.length > 0) await this.#index.add(added.map((reference) => this.#indexed(reference)))
    for (const reference of added) directory.put(reference)
  }

  /** The references of these galleries, as of now. */
  scope(galleryIds: readonly string[]): SearchScope {
    this.#checkLoaded()
    return this.#directory.scope(galleryIds)
  }

  async search(
    query: Omit<FingerQuery, 'tags'>,
    scope: Pick<SearchScope, 'tags'>,
    context: CallContext,
  ): Promise<FingerAnswer> {
    this.#checkLoaded()
    return this.#index.search({ ...query, tags: scope.tags }, context)
  }

  /** Scores of all references of these subjects that may be compared with a probe of this position. */
  async compare(
    probe: FingerProbe,
    subjectIds: readonly string[],
    context: CallContext,
  ): Promise<readonly Neighbour[]> {
    this.#checkLoaded()
    const referenceIds = subjectIds
      .flatMap((subjectId) => this.#directory.referenceIdsOf(subjectId))
      .filter((referenceId) => areComparable(probe.position, this.#positions.get(referenceId) ?? 'unknown'))
    return referenceIds.length === 0 ? [] : this.#index.compare(probe.minutiae, referenceIds, context)
  }

  async close(): Promise<void> {
    await this.#index.close()
  }

  #indexed(reference: StoredFinger): IndexedFinger {
    const { referenceId, subjectId, record } = reference
    const finger = this.#analyser.read(record)
    this.#positions.set(referenceId, finger.position)
    return { referenceId, tag: this.#directory.tagOf(subjectId), ...finger }
  }

  #checkLoaded(): void {
    if (this.#isLoaded) return
    throw new DomainError('UNAVAILABLE', 'an index that holds every acknowledged change', 'one that is still loading', {
      retryAfterMs: 1_000,
    })
  }
}
