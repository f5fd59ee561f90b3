import type { CallContext } from '../domain/context.js'
import type { FingerAnswer } from '../domain/finger-search.js'
import type { FingerPosition, NormalisedMinutiae } from '../domain/finger.js'
import type { Neighbour } from '../domain/search.js'
import type { FingerReferences } from './finger-references.js'
import type { PartScale } from './part-scale.js'
import { bestOfEachSubject, type PartSubject, type SearchablePart } from './part-search.js'
import type { SearchScope } from './reference-directory.js'

/** Subjects have few references of one finger, so twice the references usually hold enough subjects. */
const REFERENCES_PER_SUBJECT = 2

/** The impressions of one finger of a probe; the best one counts. */
export class FingerPart implements SearchablePart {
  readonly part: FingerPosition
  readonly scale: PartScale
  readonly #references: FingerReferences
  readonly #impressions: readonly NormalisedMinutiae[]
  readonly #scope: SearchScope
  readonly #isExhaustive: boolean

  constructor(
    references: FingerReferences,
    { position, impressions }: { position: FingerPosition; impressions: readonly NormalisedMinutiae[] },
    { scope, isExhaustive }: { scope: SearchScope; isExhaustive: boolean },
    scale: PartScale,
  ) {
    this.part = position
    this.scale = scale
    this.#references = references
    this.#impressions = impressions
    this.#scope = scope
    this.#isExhaustive = isExhaustive
  }

  get sampleCount(): number {
    return this.#impressions.length
  }

  async search(countMax: number, context: CallContext) {
    const query = {
      position: this.part,
      countMax: countMax * REFERENCES_PER_SUBJECT,
      scoreMin: 0,
      isExhaustive: this.#isExhaustive,
    }
    const answers: FingerAnswer[] = []
    for (const minutiae of this.#impressions)
      answers.push(await this.#references.search({ ...query, minutiae }, this.#scope, context))
    const subjects = this.#subjectsOf(answers.flatMap(({ neighbours }) => neighbours))
    return {
      subjects: subjects.toSorted((a, b) => b.score - a.score).slice(0, countMax),
      evidence: {
        part: this.part,
        algorithm: this.#references.algorithm,
        searchMode: answers.some((answer) => answer.comparedCount < answer.coveredCount) ? 'shortlist' : 'exhaustive',
        referencesCoveredCount: Math.max(0, ...answers.map(({ coveredCount }) => coveredCount)),
        comparedCount: answers.reduce((sum, { comparedCount }) => sum + comparedCount, 0),
        reasons: [],
      },
    } as const
  }

  async scoresOf(subjectIds: readonly string[], context: CallContext): Promise<readonly PartSubject[]> {
    const found: Neighbour[] = []
    for (const minutiae of this.#impressions)
      found.push(...(await this.#references.compare({ position: this.part, minutiae }, subjectIds, context)))
    return this.#subjectsOf(found)
  }

  #subjectsOf(neighbours: readonly Neighbour[]): readonly PartSubject[] {
    return bestOfEachSubject(
      neighbours.flatMap(({ referenceId, score }) => {
        const owner = this.#scope.find(referenceId)
        return owner === null ? [] : [{ ...owner, referenceId, score }] // none: it left the scope meanwhile
      }),
    )
  }
}
