import type { CallContext } from '../domain/context.js'
import type { Store } from '../domain/ports.js'
import type { SearchModeWish } from '../domain/search.js'
import { compare, type FaceTemplate } from '../domain/template.js'
import type { PartScale } from './part-scale.js'
import { bestOfEachSubject, type PartSubject, type SearchablePart } from './part-search.js'
import type { SearchScope } from './reference-directory.js'
import type { References } from './references.js'

/** Subjects have few references each, so twice the references usually hold enough subjects. */
const REFERENCES_PER_SUBJECT = 2

/** The face of a probe, searched beside other parts. */
export class FacePart implements SearchablePart {
  readonly part = 'face'
  readonly sampleCount = 1
  readonly scale: PartScale
  readonly #store: Store
  readonly #references: References
  readonly #template: FaceTemplate
  readonly #scope: SearchScope
  readonly #mode: SearchModeWish

  constructor(
    { store, references }: { readonly store: Store; readonly references: References },
    { template, scope, mode }: { template: FaceTemplate; scope: SearchScope; mode: SearchModeWish },
    scale: PartScale,
  ) {
    this.#store = store
    this.#references = references
    this.#template = template
    this.#scope = scope
    this.#mode = mode
    this.scale = scale
  }

  async search(countMax: number, context: CallContext) {
    const search = {
      probe: this.#template.features,
      countMax: Math.max(1, Math.min(countMax * REFERENCES_PER_SUBJECT, this.#scope.referenceCount)),
      scoreMin: -1,
      scope: this.#scope,
      mode: this.#mode,
    }
    const found = await this.#references.search(search, context)
    const subjects = found.neighbours.flatMap(({ referenceId, score }) => this.#found(referenceId, score))
    return {
      subjects: bestOfEachSubject(subjects).slice(0, countMax),
      evidence: {
        part: this.part,
        algorithm: this.#template.algorithm,
        searchMode: found.mode,
        referencesCoveredCount: this.#scope.referenceCount,
        comparedCount: found.comparedCount,
        reasons: [],
      },
    } as const
  }

  async scoresOf(subjectIds: readonly string[]): Promise<readonly PartSubject[]> {
    const { algorithm } = this.#template
    const known = await this.#store.describeSubjects(subjectIds) // one that was deleted meanwhile has no references
    const found: PartSubject[] = []
    for (const subjectId of known.keys())
      for (const { referenceId, features } of await this.#store.referencesOf(subjectId, algorithm))
        found.push(...this.#found(referenceId, compare(this.#template, { algorithm, features })))
    return bestOfEachSubject(found)
  }

  #found(referenceId: number, score: number): readonly PartSubject[] {
    const owner = this.#scope.find(referenceId)
    return owner === null ? [] : [{ ...owner, referenceId, score }] // none: it left the scope meanwhile
  }
}
