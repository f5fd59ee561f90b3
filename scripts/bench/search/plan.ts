import { freemem } from 'node:os'

/** One set that is measured, and what is built on it. */
export interface PlannedSet {
  readonly count: number
  readonly featureCount: number
  readonly matedProbeCount: number
  /** The graphs (ours and hnswlib's own) take minutes where the scan takes seconds. */
  readonly hasGraphs: boolean
  /** Whether starts from a data file are measured. */
  readonly hasStarts: boolean
}

const QUICK_GRAPH_ROWS_MAX = 10_000
const GRAPH_ROWS_MAX = 100_000
/** The width at which a graph over a million is built, and all graphs of the default run but the smallest. */
const MAIN_FEATURE_COUNT = 128
/** Rows, what onnxruntime and the shards make of them, and an outside engine's copy. */
const MEMORY_COPIES = 3.5

/**
 * 10,000 to a million templates, with graphs over up to 100,000 of 128 features and over 10,000 of 256 and 512. `isFull` has a
 * graph over a million of 128 features too (half an hour on an idle machine), and scans of a million of 256 and 512.
 */
export function planSets(isFull: boolean): readonly PlannedSet[] {
  const sizes = (featureCount: number) => (isFull || featureCount === MAIN_FEATURE_COUNT ? [1e4, 1e5, 1e6] : [1e4, 1e5])
  return [128, 256, 512].flatMap((featureCount) =>
    sizes(featureCount).map((count) => {
      const isMain = featureCount === MAIN_FEATURE_COUNT
      const hasGraphs = count <= (!isMain ? QUICK_GRAPH_ROWS_MAX : isFull ? Infinity : GRAPH_ROWS_MAX)
      return {
        count,
        featureCount,
        matedProbeCount: hasGraphs ? 1_000 : count < 1e6 || isMain ? 300 : 100,
        hasGraphs,
        hasStarts: isMain && count === 1e6,
      }
    }),
  )
}

export function fitsMemory({ count, featureCount }: PlannedSet): boolean {
  return count * featureCount * Float32Array.BYTES_PER_ELEMENT * MEMORY_COPIES < freemem()
}
