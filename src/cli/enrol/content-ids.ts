import { createHash } from 'node:crypto'

/**
 * The encounter id of an image of a subject: the same for the same two, for ever. It is what makes enrolment
 * resumable: an image whose encounter is there already is not enrolled again, in this run or next year.
 */
export function encounterIdOf(subjectId: string, image: Uint8Array): string {
  const imageHash = createHash('sha256').update(image).digest('hex')
  return `img-${digest([subjectId, imageHash]).slice(0, 40)}`
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
