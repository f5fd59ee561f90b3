import { FingerComparer } from '../../../src/engines/finger/comparer.js'
import { prepareFinger } from '../../../src/engines/finger/features.js'
import { LocalFingerShard } from '../../../src/engines/finger/local-finger-shard.js'
import type { FingerModel } from '../../../src/engines/finger/model.js'
import type { Gallery } from './gallery.js'

const PREPARED_COUNT = 200
const ROUND_COUNT = 30
const CHUNK_SIZE = 500

/** Times of the parts of a search, each measurement apart; in this thread. */
export interface Pieces {
  readonly prepareUs: readonly number[]
  /** Of non-mated pairs: what a search mostly compares. Each the mean of one row of pairs. */
  readonly compareUs: readonly number[]
  /** Means of chunks: preparing included. */
  readonly insertUs: readonly number[]
  readonly bytesPerTemplate: number
  /** Holds the gallery. */
  readonly shard: LocalFingerShard
}

export async function measurePieces({ references }: Pick<Gallery, 'references'>, model: FingerModel): Promise<Pieces> {
  const prepareUs: number[] = []
  const prints = references.slice(0, PREPARED_COUNT).map(({ minutiae }) => {
    const start = performance.now()
    const features = prepareFinger(minutiae, model)
    prepareUs.push(1_000 * (performance.now() - start))
    return features
  })
  const comparer = new FingerComparer(model)
  const compareUs = prints.slice(0, ROUND_COUNT).map((probe) => {
    const others = prints.filter((other) => other !== probe)
    const start = performance.now()
    for (const other of others) comparer.compare(probe, other)
    return (1_000 * (performance.now() - start)) / others.length
  })
  const { shard, insertUs, bytesPerTemplate } = await filledShard({ references }, model)
  return { prepareUs, compareUs, insertUs, bytesPerTemplate, shard }
}

async function filledShard({ references }: Pick<Gallery, 'references'>, model: FingerModel) {
  const shard = new LocalFingerShard(model)
  let { bytes, rowCount } = await shard.open()
  const insertUs: number[] = []
  for (let from = 0; from < references.length; from += CHUNK_SIZE) {
    const chunk = references.slice(from, from + CHUNK_SIZE)
    const start = performance.now()
    ;({ bytes, rowCount } = await shard.add(chunk))
    insertUs.push((1_000 * (performance.now() - start)) / chunk.length)
  }
  return { shard, insertUs, bytesPerTemplate: bytes / rowCount }
}
