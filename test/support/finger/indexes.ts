import { backgroundContext } from '../../../src/domain/context.js'
import type { FingerQuery, FingerSource, IndexedFinger } from '../../../src/domain/finger-search.js'
import type { FingerShard } from '../../../src/domain/finger-shard.js'
import type { NormalisedMinutiae } from '../../../src/domain/finger.js'
import { FingerComparer } from '../../../src/engines/finger/comparer.js'
import { prepareFinger } from '../../../src/engines/finger/features.js'
import { ShardedFingerIndex } from '../../../src/engines/finger/finger-index.js'
import { LocalFingerShard } from '../../../src/engines/finger/local-finger-shard.js'
import { PlainFingerIndex } from '../finger-index.js'
import { untrainedModel } from './fingers.js'

export const CONTEXT = backgroundContext('test')
export const MODEL = untrainedModel()

/** A search of everything for ten references, unless `wishes` say otherwise. */
export function queryFor(minutiae: NormalisedMinutiae, wishes: Partial<FingerQuery> = {}): FingerQuery {
  return { minutiae, position: 'unknown', countMax: 10, scoreMin: 0, tags: null, isExhaustive: false, ...wishes }
}

/** Gives a list in chunks of 100. */
export function sourceOf(fingers: () => readonly IndexedFinger[]): FingerSource {
  return {
    async *fingers() {
      const all = fingers()
      for (let from = 0; from < all.length; from += 100) yield all.slice(from, from + 100)
    },
  }
}

export function localShards(count: number): readonly LocalFingerShard[] {
  return Array.from({ length: count }, () => new LocalFingerShard(MODEL))
}

/** Loaded. */
export async function indexOver<Prepared>(
  fingers: readonly IndexedFinger[],
  shards: readonly FingerShard<Prepared>[],
  onLoadNeeded: () => void = () => undefined,
): Promise<ShardedFingerIndex<Prepared>> {
  const index = new ShardedFingerIndex({ shards, source: sourceOf(() => fingers), onLoadNeeded })
  await index.load()
  return index
}

/** The port by plain loops, over the same model. */
export function plainIndex(): PlainFingerIndex {
  const comparer = new FingerComparer(MODEL)
  const prepared = (minutiae: NormalisedMinutiae) => prepareFinger(minutiae, MODEL)
  const compare = (a: NormalisedMinutiae, b: NormalisedMinutiae) => comparer.compare(prepared(a), prepared(b))
  return new PlainFingerIndex(
    { compare },
    sourceOf(() => []),
  )
}
