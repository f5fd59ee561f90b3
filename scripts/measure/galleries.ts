import { draw, seededRandom } from '../../src/services/index-check/seeded.js'
import type { Person } from './lfw-people.js'

/** Who is enrolled by the first photograph; all others' first photographs are probes of nobody listed. */
export interface Gallery {
  /** Positions among the people. */
  readonly enrolled: readonly number[]
  readonly strangers: readonly number[]
}

/** `count` galleries of `size` people with several photographs each. The seed is the gallery's number. */
export function drawGalleries(people: readonly Person[], size: number, count: number): readonly Gallery[] {
  const [several] = strataOf(people)
  return Array.from({ length: count }, (_, i) => {
    const enrolled = draw(several, size, seededRandom(i + 1))
    const listed = new Set(enrolled)
    return { enrolled, strangers: Array.from(people.keys()).filter((person) => !listed.has(person)) }
  })
}

/** People with several photographs, and with one. */
export function strataOf(people: readonly Person[]): readonly [several: readonly number[], one: readonly number[]] {
  const all = Array.from(people.keys())
  const hasSeveral = (at: number) => people[at]!.features.length > 1
  return [all.filter(hasSeveral), all.filter((at) => !hasSeveral(at))]
}
