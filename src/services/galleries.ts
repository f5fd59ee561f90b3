import { checkGallery, type Gallery, type GalleryPolicy, type GallerySummary } from '../domain/gallery.js'
import type { Page, PageRequest, Store } from '../domain/ports.js'
import type { MutationCommand } from './commands.js'
import type { References } from './references.js'
import { checkPage, mutationKey } from './requests.js'

/** What a caller says of a gallery. */
export interface GalleryFields {
  readonly id: string
  readonly owner: string
  readonly purpose: string
  readonly policy: GalleryPolicy
}

/** Watchlists: who answers for them, why they exist, and their rules. */
export class GalleryService {
  readonly #store: Store
  readonly #references: References
  readonly #now: () => number

  constructor(store: Store, references: References, now: () => number) {
    this.#store = store
    this.#references = references
    this.#now = now
  }

  /** @throws DomainError INVALID_ARGUMENT, GALLERY_EXISTS, LIMIT_EXCEEDED, REQUEST_ID_REUSED */
  async create(fields: GalleryFields, mutation: MutationCommand): Promise<Gallery> {
    const key = mutationKey('GalleryService/CreateGallery', mutation)
    const gallery = this.#checked(fields)
    return this.#references.commit(() => this.#store.createGallery(gallery, key))
  }

  /** @throws DomainError GALLERY_NOT_FOUND */
  async get(id: string): Promise<GallerySummary> {
    return this.#store.getGallery(id)
  }

  /** In alphabetical order of their ids. */
  async list(page: PageRequest): Promise<Page<GallerySummary>> {
    return this.#store.listGalleries(checkPage(page))
  }

  /**
   * Replaces owner, purpose and policy. A shorter retention takes effect at the next hourly purge.
   * @throws DomainError INVALID_ARGUMENT, GALLERY_NOT_FOUND, REQUEST_ID_REUSED
   */
  async update(fields: GalleryFields, mutation: MutationCommand): Promise<Gallery> {
    const key = mutationKey('GalleryService/UpdateGallery', mutation)
    const gallery = this.#checked(fields)
    return this.#references.commit(() => this.#store.updateGallery(gallery, key))
  }

  /**
   * Deletes a gallery; its subjects stay.
   * @throws DomainError GALLERY_NOT_FOUND, REQUEST_ID_REUSED; GALLERY_NOT_EMPTY unless `removeMemberships`
   */
  async delete(id: string, removeMemberships: boolean, mutation: MutationCommand): Promise<void> {
    const key = mutationKey('GalleryService/DeleteGallery', mutation)
    await this.#references.commit(() => this.#store.deleteGallery(id, removeMemberships, key))
  }

  #checked(fields: GalleryFields): Gallery {
    const nowMs = this.#now()
    return checkGallery({
      id: fields.id,
      owner: fields.owner,
      purpose: fields.purpose,
      policy: fields.policy,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    })
  }
}
