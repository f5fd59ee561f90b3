import { expect } from 'chai'
import { fingerIndexFactory, readFingerMatcher } from '../src/compose-finger.js'
import { anotherImpression, fingerReferences } from './support/finger/fingers.js'
import { CONTEXT, queryFor, sourceOf } from './support/finger/indexes.js'
import { PACKAGE_ROOT } from './support/weights.js'

// Goal: the index as the service opens it works. Method: the shipped model, real threads.
describe('fingerIndexFactory', () => {
  it('makes an index that loads and finds, through threads, by the shipped model', async () => {
    const { model } = await readFingerMatcher(PACKAGE_ROOT)
    const references = fingerReferences(300)
    const source = sourceOf(() => references)
    const index = fingerIndexFactory(model, 2)(source, () => undefined)
    try {
      await index.load()
      expect(index.status).to.deep.include({ state: 'ready', referenceCount: 300 })
      for (const n of [0, 1, 2]) {
        const answer = await index.search(queryFor(anotherImpression(references[n]!.minutiae, n)), CONTEXT)
        expect(answer.neighbours[0]?.referenceId).to.equal(n + 1)
        expect([answer.coveredCount, answer.comparedCount]).to.deep.equal([300, 200])
      }
    } finally {
      await index.close()
    }
  })
})
