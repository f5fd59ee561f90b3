import { expect } from 'chai'
import { DomainError } from '../../../../src/domain/errors.js'
import type { RecordMinutia } from '../../../../src/domain/finger.js'
import type { GreyImage } from '../../../../src/domain/grey-image.js'
import { extractFinger, type ExtractedPrint } from '../../../../src/engines/finger/extraction/extract-finger.js'
import { drawPrint, type DrawnMinutia, type DrawnPrint, type KnownMinutia } from './support/drawn-prints.js'

// Goal: minutiae are found where they are, point where the standard says, and nothing else is found.
// Method: prints drawn by formula, whose minutiae are known. Seven on one print, so that it is not refused as too poor.

/** Twelve periods apart or more: each stands alone. Only the first one's type is set by the drawing (see drawPrint). */
const SEVEN: readonly DrawnMinutia[] = [
  { right: 10.3, up: -7, type: 'ending', pointsRight: true },
  { right: -90, up: 20, type: 'ending', pointsRight: false },
  { right: 80, up: 60, type: 'ending', pointsRight: true },
  { right: -60, up: -80, type: 'ending', pointsRight: false },
  { right: 60, up: -90, type: 'ending', pointsRight: true },
  { right: -50, up: 100, type: 'ending', pointsRight: false },
  { right: 110, up: -20, type: 'ending', pointsRight: true },
]

function printOf(image: GreyImage): ExtractedPrint {
  const result = extractFinger(image)
  if ('refusal' in result) throw new Error(`refused: ${result.refusal.reasons.join(' ')}`)
  return result.print
}

function refusalOf(image: GreyImage): string {
  const result = extractFinger(image)
  return 'refusal' in result ? result.refusal.code : 'a print'
}

function away(minutia: RecordMinutia, known: KnownMinutia): { readonly px: number; readonly deg: number } {
  const turn = (minutia.angleRad * 180) / Math.PI - known.directionDeg
  const deg = Math.abs((((turn % 360) + 540) % 360) - 180)
  return { px: Math.hypot(minutia.xPx - known.x, minutia.yPx - known.y), deg }
}

/** Asserts that exactly the known minutiae were found, each near its place and within 5°. Half a period is 4.5 px. */
function expectKnown(
  minutiae: readonly RecordMinutia[],
  known: readonly KnownMinutia[],
  what: string,
  tolerancePx = 6,
): void {
  expect(minutiae, what).to.have.length(known.length)
  for (const each of known) {
    const near = minutiae.filter((minutia) => away(minutia, each).px < tolerancePx)
    expect(near, `${what}: one at ${each.x.toFixed(0)}, ${each.y.toFixed(0)}`).to.have.length(1)
    expect(away(near[0]!, each).deg, `${what}: direction`).to.be.lessThan(5)
  }
}

describe('extractFinger(): a drawn minutia', () => {
  for (const type of ['ending', 'bifurcation'] as const)
    for (const pointsRight of [true, false])
      for (const resolutionDpi of [350, 500, 1000]) {
        const side = pointsRight ? 'right' : 'left'
        it(`finds the ${type} that points to the ${side}, at ${resolutionDpi} dpi`, () => {
          const first: DrawnMinutia = { right: 10.3, up: -7, type, pointsRight }
          const image = drawPrint({ resolutionDpi, minutiae: [first, ...SEVEN.slice(1)] })
          const { view } = printOf(image)
          expectKnown(view.minutiae, image.known, type)
          const found = view.minutiae.find((minutia) => away(minutia, image.known[0]!).px < 6)
          expect(found?.type).to.equal(type)
        })
      }

  it('finds it however the print is turned', () => {
    for (let turnDeg = 0; turnDeg < 360; turnDeg += 20) {
      const image = drawPrint({ turnDeg, minutiae: SEVEN })
      expectKnown(printOf(image).view.minutiae, image.known, `turned by ${turnDeg}°`)
    }
  })

  it('finds it with wide and narrow ridges', () => {
    for (const periodPx of [6, 7.5, 11, 13]) {
      const image = drawPrint({ periodPx, minutiae: SEVEN, sidePx: 360 })
      expectKnown(printOf(image).view.minutiae, image.known, `period ${periodPx}`)
    }
  })

  it('finds it on pale, dark and hard prints', () => {
    const tones: Record<string, NonNullable<DrawnPrint['greyOf']>> = {
      pale: (height) => 200 + 20 * height,
      dark: (height) => 60 + 40 * height,
      'black and white': (height) => (height > 0 ? 250 : 5),
      'thin ridges': (height) => (height > -0.6 ? 230 : 60),
      'thick ridges': (height) => (height > 0.6 ? 230 : 60),
    }
    for (const [name, greyOf] of Object.entries(tones)) {
      const image = drawPrint({ greyOf, minutiae: SEVEN })
      // A valley forks farther from the end of a thin ridge.
      expectKnown(printOf(image).view.minutiae, image.known, name, 9)
    }
  })
})

describe('extractFinger(): the view', () => {
  const { view, quality, warnings } = printOf(drawPrint({ resolutionDpi: 350, minutiae: SEVEN }))

  it('is at 500 dpi, whatever the image was', () => {
    expect([view.widthPx, view.heightPx]).to.deep.equal([320, 320]) // 224 px at 350 dpi
    expect([view.resolutionXPpcm, view.resolutionYPpcm]).to.deep.equal([197, 197])
  })

  it('has whole coordinates, angles of 0 to 2π and qualities of 1 to 100, best first', () => {
    for (const { xPx, yPx, angleRad, quality: each } of view.minutiae) {
      expect(Number.isInteger(xPx) && Number.isInteger(yPx)).to.equal(true)
      expect(angleRad).to.be.within(0, 2 * Math.PI - 1e-9)
      expect(each).to.be.within(1, 100)
    }
    const qualities = view.minutiae.map((minutia) => minutia.quality ?? 0)
    expect(qualities).to.deep.equal([...qualities].sort((a, b) => b - a))
  })

  it('carries position and impression, and an overall quality with reasons', () => {
    const taken = extractFinger(drawPrint({ minutiae: SEVEN }), { position: 'left-ring', impression: 3 })
    expect('print' in taken && taken.print.view).to.include({ position: 'left-ring', impression: 3, viewNumber: 0 })
    expect(quality).to.be.within(30, 90)
    expect(warnings).to.deep.equal(['Only 7 minutiae were found.'])
  })

  it('is the same for the same image', () => {
    expect(printOf(drawPrint({ resolutionDpi: 350, minutiae: SEVEN })).view).to.deep.equal(view)
  })
})

describe('extractFinger(): what is no finger', () => {
  const image = (grey: (x: number, y: number) => number, sidePx = 300): GreyImage => ({
    widthPx: sidePx,
    heightPx: sidePx,
    pixels: Uint8Array.from({ length: sidePx * sidePx }, (_, p) => grey(p % sidePx, Math.floor(p / sidePx))),
    resolutionDpi: 500,
  })
  let state = 1
  const noise = () => (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff) >> 8

  const coarse = Uint8Array.from({ length: 75 * 75 }, () => noise() % 256)

  const others: Record<string, GreyImage> = {
    white: image(() => 255),
    black: image(() => 0),
    'a sensor’s noise': image(() => 236 + (noise() % 8)),
    'strong noise': image(() => noise() % 256),
    'coarse noise': image((x, y) => coarse[(y >> 2) * 75 + (x >> 2)]!),
    'a slope of grey': image((x) => x * 0.8),
    'a frame': image((x, y) => (Math.min(x, y, 299 - x, 299 - y) < 12 ? 0 : 255)),
    discs: image((x, y) => (Math.hypot((x % 100) - 50, (y % 100) - 50) < 30 ? 0 : 255)),
    'a chessboard of 40 px': image((x, y) => (((x / 40) & 1) === ((y / 40) & 1) ? 0 : 255)),
  }
  for (const [name, other] of Object.entries(others))
    it(`refuses ${name}`, () => expect(refusalOf(other)).to.equal('NO_FINGER'))

  it('refuses ridges without minutiae as too poor, and says why', () => {
    const result = extractFinger(drawPrint())
    expect('refusal' in result && result.refusal.code).to.equal('QUALITY_TOO_LOW')
    expect('refusal' in result && result.refusal.reasons[0]).to.equal('Only 0 minutiae were found.')
  })
})

describe('extractFinger(): bounds', () => {
  const blank = (widthPx: number, heightPx: number, resolutionDpi: number): GreyImage => ({
    widthPx,
    heightPx,
    pixels: new Uint8Array(widthPx * heightPx),
    resolutionDpi,
  })
  const codeOf = (image: GreyImage): string => {
    try {
      return refusalOf(image)
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      return `${error.code} ${error.field ?? ''}`.trim()
    }
  }

  it('refuses resolutions below 250 and above 1,200 dpi, and what is none', () => {
    for (const dpi of [0, -500, 249, 1201, NaN, Infinity])
      expect(codeOf(blank(300, 300, dpi)), `${dpi}`).to.equal('INVALID_ARGUMENT resolution_dpi')
    expect(codeOf(blank(300, 300, 250))).to.equal('NO_FINGER')
  })

  it('refuses more than 4 megapixels at 500 dpi, and takes as many', () => {
    expect(codeOf(blank(2001, 2000, 500))).to.equal('LIMIT_EXCEEDED')
    expect(codeOf(blank(1001, 1000, 250))).to.equal('LIMIT_EXCEEDED')
    expect(codeOf(blank(2000, 2000, 500))).to.equal('NO_FINGER')
  })

  it('refuses sides below 48 px and above 16,383 px', () => {
    expect(codeOf(blank(47, 300, 500))).to.equal('LIMIT_EXCEEDED')
    expect(codeOf(blank(16_384, 60, 500))).to.equal('LIMIT_EXCEEDED')
    expect(codeOf(blank(48, 48, 500))).to.equal('NO_FINGER')
  })

  it('refuses a number of pixels that does not fit the size', () => {
    expect(codeOf({ ...blank(300, 300, 500), heightPx: 301 })).to.equal('INVALID_ARGUMENT image')
    expect(codeOf({ ...blank(300, 300, 500), widthPx: 299.5 })).to.equal('INVALID_ARGUMENT image')
  })

  it('keeps the best 255 of a print that has more', () => {
    // Dashes of 36 px with gaps of 24: two ends every 60 px of every ridge, some 1,300 on 600 × 600 px.
    const side = 600
    const pixels = Uint8Array.from({ length: side * side }, (_, p) => {
      const [x, y] = [p % side, Math.floor(p / side)]
      const shift = Math.floor(y / 9) % 2 === 0 ? 0 : 30
      return (x + shift) % 60 < 36 && y % 9 < 5 ? 20 : 235
    })
    const { minutiae } = printOf({ widthPx: side, heightPx: side, pixels, resolutionDpi: 500 }).view
    expect(minutiae).to.have.length(255)
  })

  it('stops between two stages when the caller has gone', () => {
    let stages = 0
    const checkpoint = () => {
      if (++stages === 3) throw new DomainError('CANCELLED', 'a waiting caller', 'the call was cancelled')
    }
    expect(() => extractFinger(drawPrint({ minutiae: SEVEN }), { checkpoint })).to.throw(DomainError)
    expect(stages).to.equal(3)
  })
})
