import { hasTag, type IndexedReference, type IndexSearch, type Neighbour } from '../../../src/domain/search.js'
import { dot } from '../../../src/domain/template.js'

/** What a search must give: every reference compared, the list sorted. */
export function oracle(
  references: readonly IndexedReference[],
  { probe, countMax, scoreMin, tags }: Pick<IndexSearch, 'probe' | 'countMax' | 'scoreMin' | 'tags'>,
): readonly Neighbour[] {
  const scores = Float64Array.from(references, ({ features, tag }) => (hasTag(tags, tag) ? dot(probe, features) : -9))
  const kth = scores.toSorted()[scores.length - countMax] ?? -Infinity
  const least = Math.max(kth, scoreMin, -8) // sorting what may count, and not all, halves the time of the tests
  return references
    .flatMap(({ referenceId }, n) => (scores[n]! >= least ? { referenceId, score: scores[n]! } : []))
    .sort((a, b) => b.score - a.score || a.referenceId - b.referenceId)
    .slice(0, countMax)
}
