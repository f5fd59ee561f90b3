import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import sharp from 'sharp'
import { DomainError } from '../../../../src/domain/errors.js'
import { decodeWsq } from '../../../../src/engines/finger/wsq/decode-wsq.js'
import { describeWithShared } from '../../../support/shared-data.js'

// Goal: WSQ files of others decode to what their own decoder gives, and broken ones say so at little cost.
// Method: a file with the picture that another product decoded from it; the same file cut and mutated with a seed.

/** The error's code, or null for an image. Anything else fails the test. */
function outcome(bytes: Uint8Array): string | null {
  try {
    decodeWsq(bytes)
    return null
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    return error.code
  }
}

function* randoms(seed: number): Generator<number> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    yield state >> 8
  }
}

describeWithShared('decodeWsq()', 'standards/wsq', (folder) => {
  const sample = readFileSync(join(folder, 'sample.wsq'))
  const small = readFileSync(join(folder, 'img.wsq'))

  it('agrees with another decoder within one grey level, and in 99.9 % of the pixels exactly', async () => {
    const image = decodeWsq(sample)
    const { data, info } = await sharp(join(folder, 'sample.png'))
      .extractChannel(0)
      .raw()
      .toBuffer({ resolveWithObject: true })
    expect([image.widthPx, image.heightPx, image.resolutionDpi]).to.deep.equal([info.width, info.height, 500])
    let [differing, greatest] = [0, 0]
    for (const [i, value] of data.entries()) {
      const difference = Math.abs(value - image.pixels[i]!)
      greatest = Math.max(greatest, difference)
      if (difference > 0) differing++
    }
    expect(greatest).to.equal(1)
    expect(differing / data.length).to.be.lessThan(0.001)
  })

  it('takes the resolution from the NISTCOM, and 500 dpi where it is not said', () => {
    const text = sample.toString('latin1')
    const with250 = Buffer.from(text.replace('PPI 500', 'PPI 250'), 'latin1')
    expect(decodeWsq(with250).resolutionDpi).to.equal(250)
    expect(decodeWsq(Buffer.from(text.replace('PPI 500', 'PPI -1 '), 'latin1')).resolutionDpi).to.equal(500)
  })

  it('refuses a file that is cut anywhere', () => {
    for (let length = 0; length < small.length; length += length < 800 ? 1 : 97)
      expect(outcome(small.subarray(0, length)), `${length} bytes`).to.equal('PARSE_ERROR')
    expect(outcome(small.subarray(0, small.length - 1))).to.equal('PARSE_ERROR')
  })

  it('answers each of 600 mutated files with an image or an expected error', () => {
    const random = randoms(7)
    const seen = new Set<string | null>()
    for (let i = 0; i < 600; i++) {
      const mutated = Uint8Array.from(small)
      // Two thirds of them in the tables, where a byte does most.
      const span = i % 3 === 0 ? small.length : 800
      for (let k = 0; k <= i % 4; k++) mutated[random.next().value! % span] = random.next().value! % 256
      seen.add(outcome(mutated))
    }
    expect([...seen]).to.include.members([null, 'PARSE_ERROR'])
    for (const code of seen) expect(code).to.be.oneOf([null, 'PARSE_ERROR', 'LIMIT_EXCEEDED', 'FORMAT_UNSUPPORTED'])
  })

  it('refuses 65,535 × 65,535 pixels before anything of that size is allocated', () => {
    const huge = Uint8Array.from(small)
    const frame = small.indexOf(Buffer.from([0xff, 0xa2]))
    huge.fill(0xff, frame + 6, frame + 10) // height and width
    const startMs = performance.now()
    expect(outcome(huge)).to.equal('LIMIT_EXCEEDED')
    expect(performance.now() - startMs).to.be.lessThan(100)
  })
})

describe('decodeWsq(): what is no WSQ', () => {
  it('refuses no bytes, other bytes and a bare start', () => {
    for (const bytes of [[], [0xff], [0x89, 0x50], [0xff, 0xa0], [0xff, 0xa0, 0xff, 0xa1]])
      expect(outcome(Uint8Array.from(bytes))).to.equal('PARSE_ERROR')
  })
})
