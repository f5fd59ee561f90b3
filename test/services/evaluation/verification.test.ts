import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { expect } from 'chai'
import sharp from 'sharp'
import { composeFacePipeline } from '../../../src/compose-face.js'
import { backgroundContext } from '../../../src/domain/context.js'
import { DomainError } from '../../../src/domain/errors.js'
import type { FacePipeline } from '../../../src/engines/face/pipeline.js'
import { parsePairs } from '../../../src/services/evaluation/pairs.js'
import { evaluateVerification, type VerificationInput } from '../../../src/services/evaluation/verification.js'
import { expectCode } from '../../support/errors.js'
import { describeWithFaces, MODELS_AT_HAND } from '../../support/weights.js'

// Goal: what the evaluation counts. Method: the real pipeline over a few photographs and changed copies of them, which
// are mated beyond doubt.
const context = backgroundContext('test')
const HEADER = 'image_a,image_b,mated'

describeWithFaces('evaluateVerification()', (files, weightsFolder) => {
  const images = new Map<string, Uint8Array>()
  let analyser: FacePipeline

  before(async () => {
    analyser = await composeFacePipeline({ models: MODELS_AT_HAND, weightsFolder })
    const everyone = [...new Map(files.map((file) => [dirname(file), file])).values()]
    const people = [0, 1, 3].map((i) => everyone[i] ?? '') // the rendered faces 0 and 2 resemble each other to a small recogniser
    for (const [i, file] of people.entries()) {
      images.set(`p${i}/1.jpg`, await readFile(file))
      images.set(`p${i}/2.jpg`, await sharp(file).resize(220).jpeg({ quality: 60 }).toBuffer())
    }
    const grey = sharp({ create: { width: 200, height: 200, channels: 3, background: '#888' } })
    images.set('p9/1.jpg', await grey.jpeg().toBuffer())
  })

  function evaluate(lines: readonly string[], change: Partial<VerificationInput> = {}) {
    return evaluateVerification(
      {
        list: parsePairs([HEADER, ...lines].join('\n')),
        analyser,
        multiFace: 'largest',
        readImage: async (name) => {
          const bytes = images.get(name)
          if (bytes === undefined) throw new DomainError('INVALID_ARGUMENT', 'the images of the list', 'a missing one')
          return bytes
        },
        calibration: null,
        concurrency: 2,
        onProgress: () => undefined,
        ...change,
      },
      context,
    )
  }

  const MATED = ['p0/1.jpg,p0/2.jpg,1', 'p1/1.jpg,p1/2.jpg,1', 'p2/1.jpg,p2/2.jpg,1']
  const NON_MATED = ['p0/1.jpg,p1/1.jpg,0', 'p1/2.jpg,p2/1.jpg,0', 'p0/2.jpg,p2/2.jpg,0']

  it('counts pairs, images and failures, and is right about copies and strangers', async () => {
    const result = await evaluate([...MATED, ...NON_MATED])
    expect(result).to.include({ matedCount: 3, nonMatedCount: 3, imageCount: 6, failuresToExtract: 0, accuracy: 1 })
    expect(result).to.include({ foldCount: 10, foldsFromFile: false, tmrAtFmr1e3: 1 })
    expect(result.algorithm).to.equal(analyser.algorithm.algorithm)
    expect(result.modelIds).to.deep.equal(analyser.algorithm.modelIds)
    for (const stage of ['decode', 'detect', 'align', 'assess', 'extract'] as const)
      expect(result.medianMs[stage]).to.be.greaterThan(0)
  })

  it('compares all images of different people across the list: 6 images of 3 people are 15 − 3 comparisons', async () => {
    const result = await evaluate([...MATED, ...NON_MATED])
    expect(result.crossComparisonCount).to.equal(12)
    expect(result.operatingPoints).to.deep.equal([]) // twelve comparisons support no rate of 1 % or less
  })

  it('decides "non-match" about an image without a face: right for strangers, wrong for a mated pair', async () => {
    const strangers = await evaluate([...MATED, ...NON_MATED, 'p0/1.jpg,p9/1.jpg,0'])
    expect(strangers).to.include({ failuresToExtract: 1, imageCount: 7, accuracy: 1 })
    const missed = await evaluate([...MATED, ...NON_MATED, 'p9/1.jpg,p9/1.jpg,1'])
    expect(missed.failuresToExtract).to.equal(1)
    expect(missed.accuracy).to.be.lessThan(1)
    expect(missed.tmrAtFmr1e3).to.equal(0.75) // three of four
  })

  it('works on each image once, and tells how far it is', async () => {
    const seen: [number, number][] = []
    const read: string[] = []
    await evaluate([...MATED, ...NON_MATED], {
      onProgress: (done, total) => seen.push([done, total]),
      readImage: async (name) => {
        read.push(name)
        return images.get(name) as Uint8Array
      },
    })
    expect(seen).to.deep.equal([1, 2, 3, 4, 5, 6].map((done) => [done, 6]))
    expect(new Set(read).size).to.equal(read.length)
  })

  it('refuses a list of one class: neither error rate can be told', async () => {
    for (const lines of [MATED, NON_MATED, []]) {
      const error = await expectCode('INVALID_ARGUMENT', evaluate(lines))
      expect(error.field).to.equal('pairs')
      expect(error.expected).to.equal('mated and non-mated pairs')
    }
  })

  it('ends with the reader’s own error when an image is missing, and reads no further', async () => {
    const lines = ['none/1.jpg,p0/1.jpg,1', ...MATED, ...NON_MATED]
    let readCount = 0
    const readImage = async (name: string) => {
      readCount++
      const bytes = images.get(name)
      if (bytes === undefined) throw new DomainError('INVALID_ARGUMENT', 'the images of the list', 'a missing one')
      return bytes
    }
    const error = await expectCode('INVALID_ARGUMENT', evaluate(lines, { readImage }))
    expect(error.got).to.equal('a missing one')
    await evaluate([...MATED, ...NON_MATED]) // time enough for the other reader to go on, if it did
    expect(readCount).to.equal(2)
  })

  it('stops when the caller has gone', async () => {
    const list = parsePairs([HEADER, ...MATED, ...NON_MATED].join('\n'))
    const readImage = async (name: string) => images.get(name) as Uint8Array
    const input = {
      list,
      analyser,
      multiFace: 'largest',
      readImage,
      calibration: null,
      concurrency: 1,
      onProgress: () => undefined,
    } as const
    await expectCode('CANCELLED', evaluateVerification(input, { ...context, signal: AbortSignal.abort() }))
  })
})
