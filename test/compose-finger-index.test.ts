import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { openFingerIndex } from '../src/compose-finger-index.js'
import { anotherImpression, fingerReferences } from './support/finger/fingers.js'
import { CONTEXT, queryFor, sourceOf } from './support/finger/indexes.js'
import { PACKAGE_ROOT } from './support/weights.js'

// Goal: the index as the service opens it works. Method: the shipped model, real threads.
const MODEL_BYTES = readFileSync(join(PACKAGE_ROOT, 'models', 'finger', 'minutiae-v1.json'))

describe('openFingerIndex', () => {
  it('loads and finds, through threads, by the shipped model', async () => {
    const references = fingerReferences(300)
    const index = openFingerIndex(
      { workerCount: 2 },
      MODEL_BYTES,
      sourceOf(() => references),
      () => undefined,
    )
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

  it('refuses a model that is not whole', () => {
    const open = () =>
      openFingerIndex(
        { workerCount: 1 },
        MODEL_BYTES.subarray(1),
        sourceOf(() => []),
        () => undefined,
      )
    expect(open).to.throw().with.property('code', 'PARSE_ERROR')
  })
})
