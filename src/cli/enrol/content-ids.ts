import { createHash } from 'node:crypto'
import type { FingerPosition } from '../../domain/finger.js'

/**
 * The encounter id of a face image of a subject: the same for the same two, for ever. It is what makes enrolment
 * resumable: an image whose encounter is there already is not enrolled again, in this run or next year.
 */
export function encounterIdOf(subjectId: string, image: Uint8Array): string {
  return `img-${digest([subjectId, hashOf(image)]).slice(0, 40)}`
}

/**
 * The same of a fingerprint. How it was read is part of it: one that was enrolled as the wrong finger, or at the wrong
 * resolution, can never be found, and is enrolled anew when that is set right.
 */
export function fingerEncounterIdOf(
  subjectId: string,
  bytes: Uint8Array,
  { position, resolutionDpi }: { readonly position: FingerPosition; readonly resolutionDpi: number | null },
): string {
  return `fgr-${digest([subjectId, hashOf(bytes), position, String(resolutionDpi ?? '')]).slice(0, 40)}`
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/**
 * The request id of one enrolment: sha256 over everything that is sent, and over the run.
 * Within a run a repeated request is answered from the first. The run is part of it because the service remembers
 * request ids for days: without it, a subject that was deleted could not be enrolled again from the same images.
 */
export function requestIdOf(runId: string, parts: readonly string[]): string {
  return digest([runId, ...parts])
}

/** 64 hex digits; the lengths keep ["ab", "c"] and ["a", "bc"] apart. */
function digest(parts: readonly string[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:${part}`)
  return hash.digest('hex')
}
