import type { FingerAnalyser } from '../../src/domain/finger-analysis.js'
import type {
  FingerAnswer,
  FingerIndex,
  FingerQuery,
  FingerSource,
  IndexedFinger,
} from '../../src/domain/finger-search.js'
import { areComparable, type NormalisedMinutiae } from '../../src/domain/finger.js'
import { hasTag, type Neighbour } from '../../src/domain/search.js'

/** The port by plain loops, in this thread: what other indexes are measured against. */
export class PlainFingerIndex implements FingerIndex {
  readonly #fingers = new Map<number, IndexedFinger>()
  readonly #analyser: Pick<FingerAnalyser, 'compare'>
  readonly #source: FingerSource

  constructor(analyser: Pick<FingerAnalyser, 'compare'>, source: FingerSource) {
    this.#analyser = analyser
    this.#source = source
  }

  get status() {
    return { state: 'ready', referenceCount: this.#fingers.size, bytes: 0 } as const
  }

  async load(): Promise<void> {
    this.#fingers.clear()
    for await (const chunk of this.#source.fingers()) await this.add(chunk)
  }

  async add(fingers: readonly IndexedFinger[]): Promise<void> {
    for (const finger of fingers) this.#fingers.set(finger.referenceId, finger)
  }

  async remove(referenceIds: readonly number[]): Promise<void> {
    for (const referenceId of referenceIds) this.#fingers.delete(referenceId)
  }

  async setTags(changes: readonly { readonly referenceId: number; readonly tag: number }[]): Promise<void> {
    for (const { referenceId, tag } of changes) {
      const finger = this.#fingers.get(referenceId)
      if (finger !== undefined) this.#fingers.set(referenceId, { ...finger, tag })
    }
  }

  async search({ minutiae, position, tags, countMax, scoreMin }: FingerQuery): Promise<FingerAnswer> {
    const covered = [...this.#fingers.values()].filter((finger) => {
      return hasTag(tags, finger.tag) && areComparable(position, finger.position)
    })
    const scored = covered
      .map((finger) => this.#score(minutiae, finger))
      .filter(({ score }) => score >= scoreMin)
      .sort((a, b) => b.score - a.score || a.referenceId - b.referenceId)
    return {
      neighbours: scored.slice(0, countMax),
      coveredCount: covered.length,
      comparedCount: covered.length,
    }
  }

  async compare(minutiae: NormalisedMinutiae, referenceIds: readonly number[]): Promise<readonly Neighbour[]> {
    return referenceIds.flatMap((referenceId) => {
      const finger = this.#fingers.get(referenceId)
      return finger === undefined ? [] : [this.#score(minutiae, finger)]
    })
  }

  async close(): Promise<void> {
    this.#fingers.clear()
  }

  #score(minutiae: NormalisedMinutiae, finger: IndexedFinger): Neighbour {
    return { referenceId: finger.referenceId, score: this.#analyser.compare(minutiae, finger.minutiae) }
  }
}
