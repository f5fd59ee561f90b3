import { fingerNameOf, isFingerName } from '../fingers/finger-names.js'
import { isFaceName } from './names.js'
import type { PlannedSample } from './planned.js'

/**
 * What a file is taken for by its name: a fingerprint where the name says a finger ("right-index_2.png") or only
 * fingerprints have such names (.fmr, .wsq …), a face image where its extension is that of one.
 * @returns null for any other file
 */
export function plannedSample(path: string): PlannedSample | null {
  const named = fingerNameOf(path)
  if (named !== null && (isFaceName(path) || isFingerName(path))) return { path, finger: named.position }
  if (isFingerName(path)) return { path, finger: 'unknown' }
  return isFaceName(path) ? { path, finger: null } : null
}
