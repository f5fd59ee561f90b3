import { tagSet, type TagSet } from '../domain/search.js'

/** Scopes that are remembered; a counter asks for the same few. */
const SCOPES_MAX = 64

/**
 * Numbers the combinations of galleries that subjects are in: the tags of `domain/search.ts`. A combination keeps its number for
 * the life of the process, so that searches under way and an index that is loaded again agree on it.
 */
export class TagTable {
  readonly #tags = new Map<string, number>()
  readonly #galleriesOf: (readonly string[])[] = []
  readonly #scopes = new Map<string, TagSet>()

  /** @param galleryIds in alphabetical order */
  tagOf(galleryIds: readonly string[]): number {
    const key = galleryIds.join(' ')
    const known = this.#tags.get(key)
    if (known !== undefined) return known
    const tag = this.#galleriesOf.length
    this.#tags.set(key, tag)
    this.#galleriesOf.push(galleryIds)
    this.#scopes.clear()
    return tag
  }

  /** The tags of all combinations that hold one of these galleries. */
  scope(galleryIds: readonly string[]): TagSet {
    const key = galleryIds.join(' ')
    const known = this.#scopes.get(key)
    if (known !== undefined) return known
    const wanted = new Set(galleryIds)
    const tags = this.#galleriesOf.flatMap((ids, tag) => (ids.some((id) => wanted.has(id)) ? [tag] : []))
    const scope = tagSet(tags)
    if (this.#scopes.size >= SCOPES_MAX) this.#scopes.clear()
    this.#scopes.set(key, scope)
    return scope
  }
}
