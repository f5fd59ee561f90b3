import { tagSet, type IndexSearch, type Neighbour, type SearchMode } from '../../../src/domain/search.js'
import { dot } from '../../../src/domain/template.js'
import { randomUnitVectors } from '../../../test/support/random-vectors.js'
import { rowOf, type IdentitySet } from './identities.js'
import type { BenchIndex } from './indexes.js'
import { ODD_ROW_COUNT, unitAxis } from './odd-rows.js'
import { LIST_LENGTH, trueLists, type TrueList } from './oracle.js'

/** Searches of one kind whose whole list was compared with the true one: rows, order and every bit of the scores. */
export interface Exactness {
  readonly count: number
  readonly featureCount: number
  readonly mode: SearchMode
  readonly kind: string
  readonly searchCount: number
  readonly wrongCount: number
}

/** A search and the only right answer to it. */
interface Case {
  readonly kind: string
  readonly probe: Float32Array
  readonly wishes: Partial<IndexSearch>
  readonly expected: TrueList
}

const RANDOM_PROBES = 100
const AXES = 20
const FILTERED_ROWS = 20
/** The candidate whose own score is the threshold. */
const AT_THRESHOLD = 4

/** Twenty rows, spread over the set, have a tag of their own: 1 to 20; all others have 0. */
export function tagOf(set: IdentitySet): (row: number) => number {
  const every = Math.floor(set.count / FILTERED_ROWS)
  return (row) => (row % every === 0 && row / every < FILTERED_ROWS ? row / every + 1 : 0)
}

export async function casesOf(set: IdentitySet, matedLists: readonly TrueList[]): Promise<readonly Case[]> {
  const random = randomUnitVectors(RANDOM_PROBES, set.featureCount, 7)
  const adversarial = adversarialProbes(set)
  const lists = await trueLists(set, [...random, ...adversarial])
  const all = (kind: string, probes: readonly Float32Array[], expected: readonly TrueList[]) =>
    probes.map((probe, i): Case => ({ kind, probe, wishes: {}, expected: expected[i]! }))
  return [
    ...all('mated probes', set.matedProbes, matedLists),
    ...all('random directions', random, lists),
    ...all('copies, negatives, single axes, near ties', adversarial, lists.slice(random.length)),
    ...random.map((probe, i) => atThreshold(probe, lists[i]!)),
    ...Array.from({ length: FILTERED_ROWS }, (_, i) => filtered(set, random[i]!, i)),
  ]
}

/** Compares the whole answer to each case. */
export async function checkExactness(
  set: IdentitySet,
  cases: readonly Case[],
  index: BenchIndex,
  mode: SearchMode,
): Promise<readonly Exactness[]> {
  const { count, featureCount } = set
  const tallies = new Map<string, { searchCount: number; wrongCount: number }>()
  for (const { kind, probe, wishes, expected } of cases) {
    const { neighbours } = await index.search(probe, { mode, ...wishes })
    const tally = tallies.get(kind) ?? { searchCount: 0, wrongCount: 0 }
    tally.searchCount++
    if (!isSame(neighbours, expected)) tally.wrongCount++
    tallies.set(kind, tally)
  }
  return [...tallies].map(([kind, tally]) => ({ count, featureCount, mode, kind, ...tally }))
}

function isSame(neighbours: readonly Neighbour[], { rows, scores }: TrueList): boolean {
  if (neighbours.length !== rows.length) return false
  return neighbours.every(({ referenceId, score }, i) => referenceId === rows[i] && score === scores[i])
}

/** The odd rows themselves, their opposites, single features, and all features alike. */
function adversarialProbes(set: IdentitySet): readonly Float32Array[] {
  const { count, featureCount } = set
  const odd = Array.from({ length: ODD_ROW_COUNT }, (_, i) => rowOf(set, count - ODD_ROW_COUNT + i))
  const axes = Array.from({ length: AXES }, (_, i) => unitAxis(featureCount - 1 - i, featureCount))
  const flat = new Float32Array(featureCount).fill(1 / Math.sqrt(featureCount))
  return [...odd, ...axes, flat].flatMap((probe) => [probe, probe.map((value) => -value)])
}

/** Everything that scores less than the fifth candidate is cut off; the fifth itself, to the last bit, is not. */
function atThreshold(probe: Float32Array, { rows, scores }: TrueList): Case {
  const scoreMin = scores[AT_THRESHOLD]!
  const kept = scores.filter((score) => score >= scoreMin).length
  const expected = { rows: rows.slice(0, kept), scores: scores.slice(0, kept) }
  return { kind: 'threshold equal to a score', probe, wishes: { scoreMin }, expected }
}

/** A filter that one row of all passes, however badly it scores. */
function filtered(set: IdentitySet, probe: Float32Array, i: number): Case {
  const row = i * Math.floor(set.count / FILTERED_ROWS)
  const score = dot(probe, rowOf(set, row))
  const wishes: Partial<IndexSearch> = {
    tags: tagSet([i + 1]),
    accept: (referenceId) => referenceId === row + 1,
    acceptedCount: 1,
    countMax: LIST_LENGTH,
  }
  return { kind: 'filter that one row passes', probe, wishes, expected: { rows: [row], scores: [score] } }
}
