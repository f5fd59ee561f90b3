import type { CallContext } from '../domain/context.js'
import type { PartEvidence, ProbePart } from '../domain/identification.js'
import type { PartScale } from './part-scale.js'

/** A subject as one part of the probe sees it: its best reference. */
export interface PartSubject {
  readonly subjectId: string
  /** The part's own comparison score. */
  readonly score: number
  readonly referenceId: number
  readonly encounterId: string
  /** Those of the searched galleries that the subject is in. */
  readonly galleryIds: readonly string[]
}

/** A part of the probe that can be searched by itself. */
export interface SearchablePart {
  readonly part: ProbePart
  readonly scale: PartScale
  /** Samples of the probe that are this part; each is a search, and the best one counts. */
  readonly sampleCount: number
  /** The most similar subjects, whatever their score. */
  search(
    countMax: number,
    context: CallContext,
  ): Promise<{ readonly subjects: readonly PartSubject[]; readonly evidence: PartEvidence }>
  /** The same for certain subjects; those without a reference that can be compared are left out. */
  scoresOf(subjectIds: readonly string[], context: CallContext): Promise<readonly PartSubject[]>
}

/** The best one of each subject, in the order of the first mention. */
export function bestOfEachSubject(found: readonly PartSubject[]): readonly PartSubject[] {
  const best = new Map<string, PartSubject>()
  for (const subject of found) {
    const before = best.get(subject.subjectId)
    if (before === undefined || subject.score > before.score) best.set(subject.subjectId, subject)
  }
  return [...best.values()]
}
