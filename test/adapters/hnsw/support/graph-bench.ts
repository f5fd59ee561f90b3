import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { GraphClient, type GraphClientOptions } from '../../../../src/adapters/hnsw/graph-client.js'
import type { Logger } from '../../../../src/domain/ports.js'
import type { ReferenceSource } from '../../../../src/domain/search.js'
import { dot } from '../../../../src/domain/template.js'
import { mulberry32 } from '../../../support/random-vectors.js'

export const ENTRY = new URL('../../../../src/graph-process.js', import.meta.url)
export const ALGORITHM = 'test-space@000000000000'
export const TIMEOUT_MS = 5_000

/** Samples of identities: five of each, with a power-law spectrum, as templates of faces have. */
export function identityVectors(count: number, featureCount: number, seed: number): readonly Float32Array[] {
  const random = mulberry32(seed)
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const draw = (i: number): number => normal() / Math.sqrt(i + 1)
  const identities = Array.from({ length: Math.ceil(count / 5) }, () =>
    Float32Array.from({ length: featureCount }, (_, i) => draw(i)),
  )
  return Array.from({ length: count }, (_, n) =>
    unit(identities[Math.floor(n / 5)]!.map((value, i) => value + 0.6 * draw(i))),
  )
}

export function unit(vector: Float32Array): Float32Array {
  const norm = Math.sqrt(dot(vector, vector))
  return vector.map((value) => value / norm)
}

/** References in memory: a store that can lose, change and refuse. */
export class Store implements ReferenceSource {
  readonly references = new Map<number, Float32Array>()
  isFailing = false

  constructor(vectors: readonly Float32Array[] = [], firstId = 1) {
    vectors.forEach((features, i) => this.references.set(firstId + i, features))
  }

  get ids(): readonly number[] {
    return [...this.references.keys()]
  }

  async *rows() {
    yield await Promise.resolve(
      [...this.references].map(([referenceId, features]) => ({ referenceId, features, tag: 0 })),
    )
  }

  async features(referenceIds: readonly number[]) {
    if (this.isFailing) throw new Error('the store fails')
    await Promise.resolve()
    return referenceIds.flatMap((referenceId) => {
      const features = this.references.get(referenceId)
      return features === undefined ? [] : [{ referenceId, features }]
    })
  }

  /** The scalar exact search. */
  exact(probe: Float32Array, countMax: number): readonly number[] {
    return [...this.references]
      .map(([referenceId, features]) => ({ referenceId, score: dot(probe, features) }))
      .sort((a, b) => b.score - a.score || a.referenceId - b.referenceId)
      .slice(0, countMax)
      .map(({ referenceId }) => referenceId)
  }
}

export class Log implements Logger {
  readonly lines: string[] = []
  readonly info = this.#add.bind(this)
  readonly warn = this.#add.bind(this)
  readonly error = this.#add.bind(this)

  #add(fields: Readonly<Record<string, unknown>>, message: string): void {
    this.lines.push(`${message} ${JSON.stringify(fields)}`)
  }
}

/** Clients and folders that are put away after each test. */
export class GraphBench {
  readonly log = new Log()
  readonly #clients: GraphClient[] = []
  readonly #folders: string[] = []

  async folder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'portcullis-graph-'))
    this.#folders.push(folder)
    return folder
  }

  client(options: Partial<GraphClientOptions> & Pick<GraphClientOptions, 'featureCount'>): GraphClient {
    const client = new GraphClient({
      entry: ENTRY,
      folder: null,
      algorithm: ALGORITHM,
      sizeMin: 10,
      snapshotEveryMs: 3_600_000,
      logger: this.log,
      ...options,
    })
    this.#clients.push(client)
    return client
  }

  /** A client that holds the whole store. */
  async running(
    store: Store,
    options: Partial<GraphClientOptions> & Pick<GraphClientOptions, 'featureCount'>,
  ): Promise<GraphClient> {
    const client = this.client(options)
    client.start(store, store.ids)
    await settled(client)
    return client
  }

  async putAway(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()))
    await Promise.all(this.#folders.map((folder) => rm(folder, { recursive: true, force: true })))
  }
}

/** Waits until the graph holds everything. */
export async function settled(client: GraphClient): Promise<void> {
  await until(() => client.status.state === 'ready' && client.status.pendingCount === 0)
}

export async function until(isSo: () => boolean, timeoutMs = 30_000): Promise<void> {
  const endMs = performance.now() + timeoutMs
  while (!isSo()) {
    if (performance.now() > endMs) throw new Error('it did not come to be in time')
    await sleep(5)
  }
}

/** The ids of an answer that there must be. */
export async function found(client: GraphClient, probe: Float32Array, countMax: number): Promise<readonly number[]> {
  const answer = await client.search(probe, countMax, TIMEOUT_MS)
  if (answer === null) throw new Error('the graph gave no answer')
  return answer.neighbours.map(({ referenceId }) => referenceId)
}
