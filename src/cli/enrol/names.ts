import { createHash } from 'node:crypto'
import { basename, extname } from 'node:path'
import { checkId } from '../../domain/ids.js'
import { LIMITS } from '../../domain/limits.js'
import { printable } from '../printable.js'

/** Names of files that are taken for face images unless they name a finger; what they hold is for the service to say. */
const FACE_NAMES = new Set(['.jpg', '.jpeg', '.png', '.webp', '.tif', '.tiff'])

export function isFaceName(name: string): boolean {
  return FACE_NAMES.has(extname(name).toLowerCase())
}

/** A file's name without its folder and extension. */
export function stem(path: string): string {
  return basename(path, extname(path))
}

/**
 * The subject that a file or folder is named for: the name itself where it is a legal identifier, otherwise one
 * derived from it, always the same, with the name kept for people to see.
 */
export function subjectOfName(name: string): { readonly subjectId: string; readonly displayName: string } {
  try {
    return { subjectId: checkId('subject_id', name), displayName: '' }
  } catch {
    const digest = createHash('sha256').update(name).digest('hex').slice(0, 16)
    return { subjectId: `named-${digest}`, displayName: printable(name).slice(0, LIMITS.textLengthMax) }
  }
}
