import { expect } from 'chai'
import fc from 'fast-check'
import type { IndexedFinger } from '../../../src/domain/finger-search.js'
import { FINGER_POSITIONS, type NormalisedMinutiae } from '../../../src/domain/finger.js'
import { tagSet } from '../../../src/domain/search.js'
import type { FingerFeatures } from '../../../src/engines/finger/features.js'
import { LocalFingerShard } from '../../../src/engines/finger/local-finger-shard.js'
import { expectCode } from '../../support/errors.js'
import { anotherImpression, fingerReferences, randomMinutiae } from '../../support/finger/fingers.js'
import { CONTEXT, indexOver, localShards, MODEL, plainIndex, queryFor, sourceOf } from '../../support/finger/indexes.js'
import { ShardedFingerIndex } from '../../../src/engines/finger/finger-index.js'

// Goal: 1:N search of fingers. Method: the real shards in this thread, against plain loops over the same comparer.
const references = fingerReferences(400)
const mateOf = (n: number) => anotherImpression(references[n]!.minutiae, n)
const idsOf = (answer: { readonly neighbours: readonly { readonly referenceId: number }[] }) =>
  answer.neighbours.map(({ referenceId }) => referenceId)

describe('ShardedFingerIndex', () => {
  const indexes = Promise.all([1, 2, 3].map((count) => indexOver(references, localShards(count))))

  it('finds mates through the shortlist, comparing 200 of 400', async () => {
    const [index] = await indexes
    for (let n = 0; n < 40; n++) {
      const answer = await index!.search(queryFor(mateOf(n)), CONTEXT)
      expect(idsOf(answer)[0]).to.equal(n + 1)
      expect([answer.coveredCount, answer.comparedCount]).to.deep.equal([400, 200])
    }
  })

  it('gives the same answers with 1, 2 and 3 shards, shortlisted and exhaustive', async () => {
    for (const isExhaustive of [false, true])
      for (let n = 0; n < 5; n++) {
        const query = queryFor(n === 0 ? randomMinutiae(7, 40) : mateOf(n), { isExhaustive })
        const [one, ...others] = await Promise.all((await indexes).map((index) => index.search(query, CONTEXT)))
        for (const other of others) expect(other).to.deep.equal(one)
      }
  })

  it('answers exhaustively as plain loops do, whatever is added, removed, tagged and asked', async () => {
    const minutiae = Array.from({ length: 8 }, (_, n) => randomMinutiae(n, n === 0 ? 0 : 10 + n))
    const position = fc.constantFrom(...FINGER_POSITIONS.slice(0, 3))
    const id = fc.integer({ min: 1, max: 12 })
    const step = fc.record({ kind: fc.constantFrom('add', 'remove', 'tag', 'search'), id, position, tag: fc.nat(2) })
    const property = fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const index = await indexOver([], localShards(2))
      const plain = plainIndex()
      const held = new Set<number>()
      for (const { kind, id: referenceId, position: where, tag } of steps)
        for (const each of [index, plain])
          if (kind === 'remove' || (kind === 'add' && held.has(referenceId))) {
            await each.remove([referenceId])
            if (each === plain) held.delete(referenceId)
          } else if (kind === 'add') {
            await each.add([{ referenceId, position: where, tag, minutiae: minutiae[referenceId % 8]! }])
            if (each === plain) held.add(referenceId)
          } else if (kind === 'tag') await each.setTags([{ referenceId, tag }])
          else if (each === index) {
            const query = queryFor(minutiae[3]!, {
              position: where,
              tags: tagSet([tag, 1]),
              isExhaustive: true,
              countMax: 3,
            })
            expect(await index.search(query, CONTEXT)).to.deep.equal(await plain.search(query))
          }
      expect(index.status.referenceCount).to.equal(held.size)
    })
    await fc.assert(property, { seed: 4, numRuns: 40 })
  })

  it('finds an insert at once, and a deleted one no more', async () => {
    const index = await indexOver(references.slice(0, 300), localShards(2))
    const probe = queryFor(mateOf(350))
    const add = () => index.add([references[350]!])
    expect(idsOf(await index.search(probe, CONTEXT))).to.not.include(351)
    for (let n = 0; n < 3; n++) {
      await add()
      expect(idsOf(await index.search(probe, CONTEXT))[0]).to.equal(351)
      await index.remove([351])
      expect(idsOf(await index.search(probe, CONTEXT))).to.not.include(351)
    }
  })

  it('uses the place of deleted references again', async () => {
    const shard = new LocalFingerShard(MODEL)
    await shard.open()
    const full = await shard.add(references.slice(0, 50))
    for (let n = 0; n < 10; n++) {
      await shard.remove(references.slice(0, 50).map(({ referenceId }) => referenceId))
      expect(await shard.add(references.slice(0, 50))).to.deep.equal(full)
    }
  })

  it('compares the same position only, unknown with all', async () => {
    const [index] = await indexes
    const thumb = await index!.search(queryFor(mateOf(1), { position: 'right-thumb', isExhaustive: true }), CONTEXT)
    expect(thumb.coveredCount).to.equal(200) // one in four is a right thumb, one in four unknown
    expect(idsOf(thumb)).to.not.include(2) // a left index
  })

  it('compares a reference by its id, whatever its position and tag, and leaves out what it does not hold', async () => {
    const [, two] = await indexes
    const scores = await two!.compare(mateOf(3), [4, 9_999, 4, 2], CONTEXT)
    expect(scores.map(({ referenceId }) => referenceId).toSorted()).to.deep.equal([2, 4])
    const all = await two!.search(queryFor(mateOf(3), { isExhaustive: true, countMax: 400 }), CONTEXT)
    for (const score of scores) expect(all.neighbours).to.deep.include(score)
  })

  const hostile: readonly [name: string, minutiae: NormalisedMinutiae][] = [
    ['no minutiae', randomMinutiae(1, 0)],
    ['one minutia', randomMinutiae(1, 1)],
    ['255 minutiae in one place', sameMinutiae(255)],
  ]
  for (const [name, minutiae] of hostile)
    it(`takes ${name} as a probe and as a reference`, async () => {
      const odd: IndexedFinger = { referenceId: 900, position: 'unknown', tag: 0, minutiae }
      const index = await indexOver([...references.slice(0, 300), odd], localShards(2))
      const answer = await index.search(queryFor(minutiae, { countMax: 400 }), CONTEXT)
      expect([answer.coveredCount, answer.comparedCount]).to.deep.equal([301, 200])
      for (const { score } of answer.neighbours) expect(score).to.be.within(0, 12)
      expect(idsOf(await index.search(queryFor(mateOf(5)), CONTEXT))[0]).to.equal(6)
    })

  it('lists duplicates by ascending id, and as many as are shortlisted', async () => {
    const copies = Array.from({ length: 300 }, (_, n) => ({ ...references[0]!, referenceId: 1_000 + n }))
    const index = await indexOver(copies.toReversed(), localShards(2))
    const answer = await index.search(queryFor(mateOf(0), { countMax: 5 }), CONTEXT)
    expect(idsOf(answer)).to.deep.equal([1_000, 1_001, 1_002, 1_003, 1_004])
    expect(new Set(answer.neighbours.map(({ score }) => score)).size).to.equal(1)
  })

  it('leaves scores below the wanted one out', async () => {
    const [index] = await indexes
    const all = await index!.search(queryFor(mateOf(0)), CONTEXT)
    const least = all.neighbours[1]!.score
    const some = await index!.search(queryFor(mateOf(0), { scoreMin: least }), CONTEXT)
    expect(some.neighbours).to.deep.equal(all.neighbours.filter(({ score }) => score >= least))
  })
})

describe('ShardedFingerIndex, when things go wrong', () => {
  /** Calls back before each chunk of comparisons. */
  class NotingShard extends LocalFingerShard {
    onCompare: () => void = () => undefined
    override async compare(probe: FingerFeatures, referenceIds: Float64Array) {
      this.onCompare()
      return super.compare(probe, referenceIds)
    }
  }

  it('stops between chunks when the caller leaves or the deadline passes', async () => {
    const shard = new NotingShard(MODEL)
    const index = await indexOver(references, [shard])
    let chunkCount = 0
    const caller = new AbortController()
    shard.onCompare = () => {
      if (++chunkCount === 2) caller.abort()
    }
    const query = queryFor(mateOf(0), { isExhaustive: true })
    await expectCode('CANCELLED', index.search(query, { ...CONTEXT, signal: caller.signal }))
    expect(chunkCount).to.equal(2) // of 13
    await expectCode('DEADLINE_EXCEEDED', index.search(query, { ...CONTEXT, deadlineAtMs: Date.now() - 1 }))
    expect(chunkCount).to.equal(2)
    expect(index.status.state).to.equal('ready')
  })

  it('gives no answer from an index that is loaded again meanwhile, and the right one afterwards', async () => {
    const shard = new NotingShard(MODEL)
    const index = await indexOver(references, [shard])
    const query = queryFor(mateOf(0))
    const whole = await index.search(query, CONTEXT)
    const loads: Promise<void>[] = []
    shard.onCompare = () => {
      if (loads.length === 0) loads.push(index.load())
    }
    await expectCode('UNAVAILABLE', index.search(query, CONTEXT))
    await Promise.all(loads)
    expect(await index.search(query, CONTEXT)).to.deep.equal(whole)
  })

  it('refuses searches before it is loaded, and beyond 200 at a time', async () => {
    const index = new ShardedFingerIndex({
      shards: localShards(1),
      source: sourceOf(() => references.slice(0, 20)),
      onLoadNeeded: () => undefined,
    })
    const query = queryFor(randomMinutiae(1, 5))
    await expectCode('UNAVAILABLE', index.search(query, CONTEXT))
    await index.load()
    const settled = await Promise.allSettled(Array.from({ length: 203 }, () => index.search(query, CONTEXT)))
    expect(settled.filter(({ status }) => status === 'rejected')).to.have.length(3)
    expect((await index.search(query, CONTEXT)).coveredCount).to.equal(20)
  })

  it('asks to be loaded after a change that failed, and says nothing until then', async () => {
    let loadNeededCount = 0
    const index = await indexOver(references.slice(0, 20), localShards(2), () => loadNeededCount++)
    const twice = index.add([references[0]!]).catch((error: unknown) => error)
    expect(await twice).to.be.instanceOf(RangeError)
    await expectCode('UNAVAILABLE', index.search(queryFor(mateOf(0)), CONTEXT))
    await expectCode('UNAVAILABLE', index.remove([1]))
    expect(loadNeededCount).to.equal(1)
    await index.load()
    expect(idsOf(await index.search(queryFor(mateOf(0)), CONTEXT))[0]).to.equal(1)
  })
})

function sameMinutiae(count: number): NormalisedMinutiae {
  const one = randomMinutiae(1, 1)
  const repeated = (values: Float32Array) => new Float32Array(count).fill(values[0]!)
  return {
    x: repeated(one.x),
    y: repeated(one.y),
    angleRad: repeated(one.angleRad),
    type: new Uint8Array(count).fill(1),
    quality: new Uint8Array(count).fill(50),
  }
}
