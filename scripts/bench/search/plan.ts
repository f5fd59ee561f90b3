import { freemem } from 'node:os'

/** One set that is measured, and what is built on it. */
export interface PlannedSet {
  readonly count: number
  readonly featureCount: number
  readonly matedProbeCount: number
  /** The graphs (ours and hnswlib's own) take minutes where the scan takes seconds. */
  readonly hasGraphs: boolean
}

const GRAPH_ROWS_MAX = 10_000
/** Rows, what onnxruntime and the shards make of them, and an outside engine's copy. */
const MEMORY_COPIES = 3.5

/**
 * 10,000 to a million templates. By default what two cores measure in a few minutes: graphs over 100,000 templates of 128
 * features and over 10,000 of the others. `isFull` has graphs everywhere, and a million templates of 256 and 512 features.
 */
export function planSets(isFull: boolean): readonly PlannedSet[] {
  const sizes = (featureCount: number) => (isFull || featureCount === 128 ? [1e4, 1e5, 1e6] : [1e4, 1e5])
  return [128, 256, 512].flatMap((featureCount) =>
    sizes(featureCount).map((count) => ({
      count,
      featureCount,
      matedProbeCount: count >= 1e6 ? 300 : 1_000,
      hasGraphs: isFull || count <= GRAPH_ROWS_MAX || (count === 1e5 && featureCount === 128),
    })),
  )
}

export function fitsMemory({ count, featureCount }: PlannedSet): boolean {
  return count * featureCount * Float32Array.BYTES_PER_ELEMENT * MEMORY_COPIES < freemem()
}
