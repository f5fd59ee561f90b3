import { readFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { GraphClient } from '../../../src/adapters/hnsw/graph-client.js'
import { ShardThread } from '../../../src/adapters/shards/shard-thread.js'
import { backgroundContext } from '../../../src/domain/context.js'
import type { IndexSearch, IndexSearchResult, ReferenceSource } from '../../../src/domain/search.js'
import { VerifiedIndex } from '../../../src/engines/search/verified-index.js'
import { rowOf, type IdentitySet } from './identities.js'
import { LIST_LENGTH } from './oracle.js'

const CHUNK_ROWS = 4_096
const SHARD_SILENCE_MS = 60_000
const NEVER_MS = 2 ** 31 - 1
const POLL_MS = 50

/** The product's own index over a set, in the threads and processes of the product. */
export class BenchIndex {
  readonly threadCount: number
  /** From rows in memory until it serves; with a graph, until the graph does. */
  readonly loadS: number
  readonly #set: IdentitySet
  readonly #index: VerifiedIndex
  readonly #graph: GraphClient | null

  private constructor(
    set: IdentitySet,
    threadCount: number,
    parts: { readonly index: VerifiedIndex; readonly graph: GraphClient | null },
    loadS: number,
  ) {
    this.#set = set
    this.threadCount = threadCount
    this.#index = parts.index
    this.#graph = parts.graph
    this.loadS = loadS
  }

  /** @param tagOf the tag of each row: filters are sets of tags */
  static async open(
    set: IdentitySet,
    threadCount: number,
    hasGraph: boolean,
    tagOf: (row: number) => number = () => 0,
  ): Promise<BenchIndex> {
    const startMs = performance.now()
    const graph = hasGraph ? newGraph(set.featureCount) : null
    const index = new VerifiedIndex({
      featureCount: set.featureCount,
      shards: Array.from({ length: threadCount }, newShard),
      graph,
      source: sourceOf(set, tagOf),
      onLoadNeeded: () => undefined, // a shard that fails fails the measurement
    })
    await index.load()
    if (graph !== null) await builtWhole(graph)
    return new BenchIndex(set, threadCount, { index, graph }, (performance.now() - startMs) / 1000)
  }

  /** Of the shards; with the graph, its process too. The float32 rows belong to the store. Null where it cannot be told. */
  get bytesPerTemplate(): number | null {
    const scanned = this.#index.status.shards.reduce((sum, { bytes }) => sum + bytes, 0)
    const graph = this.#graph === null ? 0 : residentBytes(this.#graph.pid)
    return graph === null ? null : (scanned + graph) / this.#set.count
  }

  /** Of the neighbours that the exact scan proved, how many the graph had missed. */
  get audit() {
    return this.#index.status.audit
  }

  /** Row numbers instead of reference ids. Without more said: the ten best of all rows. */
  async search(probe: Float32Array, wishes: Partial<IndexSearch>): Promise<IndexSearchResult> {
    const all = { countMax: LIST_LENGTH, scoreMin: -2, tags: null, accept: () => true, acceptedCount: this.#set.count }
    const result = await this.#index.search({ probe, mode: 'exact', ...all, ...wishes }, backgroundContext('bench'))
    const neighbours = result.neighbours.map(({ referenceId, score }) => ({ referenceId: referenceId - 1, score }))
    return { ...result, neighbours }
  }

  close(): Promise<void> {
    return this.#index.close()
  }
}

/** @throws Error when its process ended: the product starts another one, and a bench would wait for ever */
async function builtWhole(graph: GraphClient): Promise<void> {
  let builder: number | undefined
  for (;;) {
    if (graph.pid !== undefined && builder === undefined) {
      builder = graph.pid
      setPriority(builder, constants.priority.PRIORITY_NORMAL) // below it, it would wait for whatever else the machine does
    }
    const { state, pendingCount, reason } = graph.status
    if (state === 'ready' && pendingCount === 0) return
    if (state === 'down') throw new Error(`there is no graph to measure: ${reason}`)
    await sleep(POLL_MS)
  }
}

/** Rows as a store would give them; reference ids begin at 1. */
function sourceOf(set: IdentitySet, tagOf: (row: number) => number): ReferenceSource {
  return {
    async *rows() {
      for (let first = 0; first < set.count; first += CHUNK_ROWS)
        yield Array.from({ length: Math.min(CHUNK_ROWS, set.count - first) }, (_, i) => {
          const row = first + i
          return { referenceId: row + 1, features: rowOf(set, row), tag: tagOf(row) }
        })
    },
    async features(referenceIds) {
      return referenceIds.map((referenceId) => ({ referenceId, features: rowOf(set, referenceId - 1) }))
    },
  }
}

export function newShard(): ShardThread {
  const entry = new URL('../../../src/shard-worker.js', import.meta.url)
  return new ShardThread({ entry, silenceMsMax: SHARD_SILENCE_MS })
}

function newGraph(featureCount: number): GraphClient {
  return new GraphClient({
    featureCount,
    algorithm: 'bench',
    entry: new URL('../../../src/graph-process.js', import.meta.url),
    folder: null,
    snapshotEveryMs: NEVER_MS,
    logger: { info: () => undefined, warn: console.error, error: console.error },
  })
}

/** Linux tells; elsewhere null. */
function residentBytes(pid: number | undefined): number | null {
  try {
    const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? null : Number(kilobytes) * 1024
  } catch {
    return null
  }
}
