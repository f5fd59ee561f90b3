import { DomainError } from '../../domain/errors.js'
import type { Gallery } from '../../domain/gallery.js'
import { LIMITS } from '../../domain/limits.js'
import { NO_CHANGE, change, type Outcome } from './changes.js'
import type { Tables } from './tables.js'

/** Mutations of galleries; each runs inside a transaction of the store. */

export function createGallery(tables: Tables, gallery: Gallery): Outcome<Gallery> {
  if (tables.galleries.find(gallery.id) !== undefined)
    throw new DomainError('GALLERY_EXISTS', 'a new gallery', 'one that exists', { field: 'gallery_id' })
  if (tables.galleries.count() >= LIMITS.galleriesMax)
    throw new DomainError('LIMIT_EXCEEDED', `at most ${LIMITS.galleriesMax} galleries`, 'one more')
  tables.galleries.insert(gallery)
  return { value: gallery, change: NO_CHANGE }
}

export function updateGallery(tables: Tables, gallery: Gallery): Outcome<Gallery> {
  const { created_at } = tables.galleries.require(gallery.id, 'gallery_id')
  tables.galleries.update(gallery)
  return { value: { ...gallery, createdAtMs: created_at }, change: NO_CHANGE }
}

export function deleteGallery(tables: Tables, galleryId: string, removeMemberships: boolean): Outcome<null> {
  const { row, subject_count } = tables.galleries.require(galleryId, 'gallery_id')
  if (subject_count > 0 && !removeMemberships)
    throw new DomainError('GALLERY_NOT_EMPTY', 'a gallery without subjects', `one with ${subject_count}`)

  const members = tables.memberships.membersOf(row)
  tables.memberships.removeOfGallery(row)
  tables.tally.deleteOfGallery(row)
  tables.probes.deleteOfGallery(row)
  tables.alarms.deleteOfGallery(row)
  tables.monitor.deleteOfGallery(row)
  tables.galleries.delete(row)
  const memberships = members.map((member) => {
    return { subjectId: member.id, galleryIds: tables.memberships.galleryIdsOf(member.row) }
  })
  return { value: null, change: change({ memberships }) }
}
