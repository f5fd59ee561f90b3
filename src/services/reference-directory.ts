import type { Reference } from '../domain/ports.js'
import type { TagSet } from '../domain/search.js'
import type { TagTable } from './tag-table.js'

/** What one search covers. */
export interface SearchScope {
  /** Whether a reference is in the scope at the moment of asking. */
  readonly accept: (referenceId: number) => boolean
  /** The scope as the index knows it; null for every reference. */
  readonly tags: TagSet | null
  /** References in the scope when it was made; one in several galleries counts once. */
  readonly referenceCount: number
  readonly galleries: readonly { readonly galleryId: string; readonly referenceCount: number }[]
  /** Whose reference this is, and in which galleries of the scope; null when it left the scope since. */
  find(referenceId: number): FoundReference | null
}

export interface FoundReference {
  readonly subjectId: string
  readonly encounterId: string
  readonly galleryIds: readonly string[]
}

interface SubjectEntry {
  readonly subjectId: string
  galleryIds: readonly string[]
  readonly referenceIds: Set<number>
}

interface ReferenceEntry {
  readonly subject: SubjectEntry
  readonly encounterId: string
}

/** Answers for several galleries that are remembered until the next change; a counter asks for the same few. */
const UNION_COUNTS_MAX = 64

/** Whose each searchable reference is, and which galleries its subject is in. Memory only: derived from the store. */
export class ReferenceDirectory {
  readonly #references = new Map<number, ReferenceEntry>()
  readonly #subjects = new Map<string, SubjectEntry>()
  readonly #galleries = new Map<string, Set<SubjectEntry>>()
  readonly #referenceCounts = new Map<string, number>()
  readonly #unionCounts = new Map<string, number>()
  readonly #tags: TagTable

  constructor(tags: TagTable) {
    this.#tags = tags
  }

  /** The tag of a subject's references; of one that is not here, that of no gallery. */
  tagOf(subjectId: string): number {
    return this.#tags.tagOf(this.#subjects.get(subjectId)?.galleryIds ?? [])
  }

  /** The tags of all references of these subjects. */
  tagsOf(subjectIds: readonly string[]): readonly { readonly referenceId: number; readonly tag: number }[] {
    return [...new Set(subjectIds)].flatMap((subjectId) => {
      const tag = this.tagOf(subjectId)
      return this.referenceIdsOf(subjectId).map((referenceId) => ({ referenceId, tag }))
    })
  }

  /** All references of a subject. */
  referenceIdsOf(subjectId: string): readonly number[] {
    return [...(this.#subjects.get(subjectId)?.referenceIds ?? [])]
  }

  /** Ids of all references. */
  referenceIds(): readonly number[] {
    return [...this.#references.keys()]
  }

  /** The galleries of a reference's subject; null when it is not here. */
  galleriesOf(referenceId: number): readonly string[] | null {
    return this.#references.get(referenceId)?.subject.galleryIds ?? null
  }

  has(referenceId: number): boolean {
    return this.#references.has(referenceId)
  }

  /** Enters a reference, or moves a known one to the subject named. */
  put(reference: Reference): void {
    this.remove(reference.referenceId)
    const subject = this.#subjectEntry(reference.subjectId)
    this.#references.set(reference.referenceId, { subject, encounterId: reference.encounterId })
    subject.referenceIds.add(reference.referenceId)
    this.#count(subject, 1)
  }

  remove(referenceId: number): void {
    const entry = this.#references.get(referenceId)
    if (entry === undefined) return
    this.#references.delete(referenceId)
    entry.subject.referenceIds.delete(referenceId)
    this.#count(entry.subject, -1)
    this.#forgetIfEmpty(entry.subject)
  }

  /** Subjects whose galleries are now these. */
  setGalleries(memberships: readonly { readonly subjectId: string; readonly galleryIds: readonly string[] }[]): void {
    this.#unionCounts.clear()
    for (const { subjectId, galleryIds } of memberships) {
      const subject = this.#subjectEntry(subjectId)
      for (const galleryId of subject.galleryIds) this.#leave(galleryId, subject)
      subject.galleryIds = galleryIds
      for (const galleryId of galleryIds) this.#join(galleryId, subject)
      this.#forgetIfEmpty(subject)
    }
  }

  scope(galleryIds: readonly string[]): SearchScope {
    const wanted = new Set(galleryIds)
    const isWanted = (galleryId: string): boolean => wanted.has(galleryId)
    return {
      accept: (referenceId) => this.#references.get(referenceId)?.subject.galleryIds.some(isWanted) ?? false,
      tags: this.#tags.scope(galleryIds),
      referenceCount: this.#unionCount(galleryIds),
      galleries: galleryIds.map((galleryId) => ({
        galleryId,
        referenceCount: this.#referenceCounts.get(galleryId) ?? 0,
      })),
      find: (referenceId) => {
        const entry = this.#references.get(referenceId)
        const found = entry?.subject.galleryIds.filter(isWanted) ?? []
        if (entry === undefined || found.length === 0) return null
        return { subjectId: entry.subject.subjectId, encounterId: entry.encounterId, galleryIds: found }
      },
    }
  }

  /** Every reference, also of subjects that are in no gallery. */
  everything(): SearchScope {
    return {
      accept: (referenceId) => this.#references.has(referenceId),
      tags: null,
      referenceCount: this.#references.size,
      galleries: [],
      find: (referenceId) => {
        const entry = this.#references.get(referenceId)
        if (entry === undefined) return null
        const { subjectId, galleryIds } = entry.subject
        return { subjectId, encounterId: entry.encounterId, galleryIds }
      },
    }
  }

  #subjectEntry(subjectId: string): SubjectEntry {
    const known = this.#subjects.get(subjectId)
    if (known !== undefined) return known
    const subject: SubjectEntry = { subjectId, galleryIds: [], referenceIds: new Set() }
    this.#subjects.set(subjectId, subject)
    return subject
  }

  #forgetIfEmpty(subject: SubjectEntry): void {
    if (subject.referenceIds.size === 0 && subject.galleryIds.length === 0) this.#subjects.delete(subject.subjectId)
  }

  #count(subject: SubjectEntry, change: 1 | -1): void {
    this.#unionCounts.clear()
    for (const galleryId of subject.galleryIds) this.#addToGallery(galleryId, change)
  }

  #join(galleryId: string, subject: SubjectEntry): void {
    const members = this.#galleries.get(galleryId)
    if (members === undefined) this.#galleries.set(galleryId, new Set([subject]))
    else members.add(subject)
    this.#addToGallery(galleryId, subject.referenceIds.size)
  }

  #leave(galleryId: string, subject: SubjectEntry): void {
    this.#addToGallery(galleryId, -subject.referenceIds.size)
    const members = this.#galleries.get(galleryId)
    members?.delete(subject)
    if (members?.size !== 0) return
    this.#galleries.delete(galleryId)
    this.#referenceCounts.delete(galleryId)
  }

  #addToGallery(galleryId: string, change: number): void {
    this.#referenceCounts.set(galleryId, (this.#referenceCounts.get(galleryId) ?? 0) + change)
  }

  #unionCount(galleryIds: readonly string[]): number {
    if (galleryIds.length === 1) return this.#referenceCounts.get(galleryIds[0] as string) ?? 0
    const key = galleryIds.join(' ')
    const known = this.#unionCounts.get(key)
    if (known !== undefined) return known
    const members = new Set(galleryIds.flatMap((galleryId) => [...(this.#galleries.get(galleryId) ?? [])]))
    let count = 0
    for (const subject of members) count += subject.referenceIds.size
    if (this.#unionCounts.size >= UNION_COUNTS_MAX) this.#unionCounts.clear()
    this.#unionCounts.set(key, count)
    return count
  }
}
