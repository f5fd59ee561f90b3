import type { CallContext } from '../../domain/context.js'
import type { Neighbour } from '../../domain/search.js'
import { checkFeatures, dot } from '../../domain/template.js'
import type { References } from '../references.js'
import { walk } from './walk.js'

/** How far a verification of the index is. */
export interface VerifyIndexProgress {
  readonly totalCount: number
  readonly checkedCount: number
  /** Not found by their own template, or stored with a damaged one. */
  readonly failedCount: number
  /** Deleted meanwhile. */
  readonly goneCount: number
}

type Finding = 'found' | 'failed' | 'gone'

/** Longest list that a reference is looked for in: thousands may share one template, and a full list of better ones proves enough. */
const LIST_MAX = 16

/** Searches references by their own stored templates: each has to be found by the exact scan, at its own score. */
export async function* verifyIndex(
  references: References,
  referenceIds: readonly number[],
  context: CallContext,
): AsyncGenerator<VerifyIndexProgress> {
  const counts: Record<Finding, number> = { found: 0, failed: 0, gone: 0 }
  const look = async (referenceId: number): Promise<void> => {
    const first = await findByItself(references, referenceId, context)
    // It may have been deleted, or its subject have left the gallery, between two steps: once more decides.
    counts[first === 'failed' ? await findByItself(references, referenceId, context) : first]++
  }
  for await (const checkedCount of walk(referenceIds, look, context))
    yield { totalCount: referenceIds.length, checkedCount, failedCount: counts.failed, goneCount: counts.gone }
}

async function findByItself(references: References, referenceId: number, context: CallContext): Promise<Finding> {
  const galleryIds = references.galleriesOf(referenceId)
  if (galleryIds === null) return 'gone'
  const [stored] = await references.features([referenceId])
  if (stored === undefined || !isWhole(stored.features)) return 'failed'

  // In one of its own galleries, as a caller would find it: the index's tags have to be right, too.
  const galleryId = galleryIds[referenceId % galleryIds.length]
  const scope = galleryId === undefined ? references.everything() : references.scope([galleryId])
  const own = { referenceId, score: dot(stored.features, stored.features) }
  const search = { probe: stored.features, countMax: LIST_MAX, scoreMin: own.score, scope, mode: 'exact' } as const
  const { neighbours } = await references.search(search, context)
  return isInPlace(own, neighbours) ? 'found' : 'failed'
}

/** Whether it is listed with its score, or rightly not: behind a full list of better ones and ties with smaller ids. */
function isInPlace(own: Neighbour, neighbours: readonly Neighbour[]): boolean {
  const listed = neighbours.find(({ referenceId }) => referenceId === own.referenceId)
  if (listed !== undefined) return listed.score === own.score
  const comesBefore = ({ referenceId, score }: Neighbour): boolean =>
    score > own.score || (score === own.score && referenceId < own.referenceId)
  return neighbours.length === LIST_MAX && neighbours.every(comesBefore)
}

function isWhole(features: Float32Array): boolean {
  try {
    checkFeatures(features, features.length)
    return true
  } catch {
    return false
  }
}
