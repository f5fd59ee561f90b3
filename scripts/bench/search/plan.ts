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
 * 10,000 to a million templates. By default what two cores measure in a few minutes: graphs over 100,000 templates of 128
 * features and over 10,000 of the others. `isFull` has graphs over 100,000 templates of every width and over a million of 128
 * features, and scans of a million of 256 and 512.
 */
export function planSets(isFull: boolean): readonly PlannedSet[] {
  const sizes = (featureCount: number) => (isFull || featureCount === MAIN_FEATURE_COUNT ? [1e4, 1e5, 1e6] : [1e4, 1e5])
  return [128, 256, 512].flatMap((featureCount) =>
    sizes(featureCount).map((count) => ({
      count,
      featureCount,
      matedProbeCount: count < 1e6 || (isFull && featureCount === MAIN_FEATURE_COUNT) ? 1_000 : 300,
      hasGraphs: hasGraphs(count, featureCount, isFull),
      hasStarts: count === 1e6 && featureCount === MAIN_FEATURE_COUNT,
    })),
  )
}

function hasGraphs(count: number, featureCount: number, isFull: boolean): boolean {
  const isMain = featureCount === MAIN_FEATURE_COUNT
  if (isFull) return isMain || count <= GRAPH_ROWS_MAX
  return count <= (isMain ? GRAPH_ROWS_MAX : QUICK_GRAPH_ROWS_MAX)
}

export function fitsMemory({ count, featureCount }: PlannedSet): boolean {
  return count * featureCount * Float32Array.BYTES_PER_ELEMENT * MEMORY_COPIES < freemem()
}
