import { expect } from 'chai'
import { normalise } from '../../../../src/engines/finger/extraction/normalise.js'
import { normalAngleAt, orientationOf } from '../../../../src/engines/finger/extraction/orientation.js'
import { boxMean, type Plane } from '../../../../src/engines/finger/extraction/plane.js'
import { dropSmallRegions, type Mask } from '../../../../src/engines/finger/extraction/regions.js'
import { toWorkingResolution } from '../../../../src/engines/finger/extraction/resample.js'
import { ridgePeriods } from '../../../../src/engines/finger/extraction/ridge-period.js'
import { segment } from '../../../../src/engines/finger/extraction/segment.js'
import { Skeleton } from '../../../../src/engines/finger/extraction/skeleton.js'
import { thin } from '../../../../src/engines/finger/extraction/thin.js'
import { drawPrint } from './support/drawn-prints.js'

// Goal: each stage does what its name says. Method: pictures small enough to check by eye, and drawn ridges.

/** '#' is 1. */
function maskOf(...rows: readonly string[]): Mask {
  const cells = Uint8Array.from(rows.join(''), (sign) => (sign === '#' ? 1 : 0))
  return { width: rows[0]!.length, height: rows.length, cells }
}

function rowsOf({ width, height, cells }: Mask): readonly string[] {
  return Array.from({ length: height }, (_, y) =>
    [...cells.subarray(y * width, (y + 1) * width)].map((cell) => (cell === 1 ? '#' : '.')).join(''),
  )
}

describe('boxMean()', () => {
  it('is the mean of what lies in the plane', () => {
    const plane: Plane = { widthPx: 3, heightPx: 2, values: Float32Array.of(1, 2, 3, 4, 5, 6) }
    expect([...boxMean(plane, 1).values]).to.deep.equal([3, 3.5, 4, 3, 3.5, 4])
    expect(boxMean(plane, 9).values.every((value) => value === 3.5)).to.equal(true)
  })
})

describe('toWorkingResolution()', () => {
  it('keeps a slope of grey a slope, enlarged and reduced', () => {
    for (const resolutionDpi of [250, 350, 1000]) {
      const pixels = Uint8Array.from({ length: 100 * 100 }, (_, p) => 2 * (p % 100))
      const out = toWorkingResolution({ widthPx: 100, heightPx: 100, pixels, resolutionDpi })
      expect([out.widthPx, out.heightPx]).to.deep.equal(Array(2).fill(Math.round(50_000 / resolutionDpi)))
      const middle = out.values[Math.floor(out.heightPx / 2) * out.widthPx + Math.floor(out.widthPx / 2)]!
      const sourceX = (Math.floor(out.widthPx / 2) + 0.5) * (resolutionDpi / 500) - 0.5
      expect(middle).to.be.closeTo(2 * sourceX, 0.5)
    }
  })

  it('leaves an image within 1 % of 500 dpi as it is', () => {
    const pixels = Uint8Array.from({ length: 60 * 60 }, (_, p) => p % 256)
    const out = toWorkingResolution({ widthPx: 60, heightPx: 60, pixels, resolutionDpi: 502 })
    expect([...out.values]).to.deep.equal([...pixels])
  })
})

describe('orientationOf(), segment() and ridgePeriods()', () => {
  it('give the direction and the period of drawn ridges', () => {
    for (const turnDeg of [0, 30, 45, 90, 135, 170])
      for (const periodPx of [6, 9, 13]) {
        const { image, contrast, strongContrast } = normalise(toWorkingResolution(drawPrint({ turnDeg, periodPx })))
        const field = orientationOf(image)
        const middle = 160 * 320 + 160
        // Normal of ridges at `turnDeg` counter-clockwise, in clockwise angles.
        const away = normalAngleAt(field, middle) - (Math.PI / 2 - (turnDeg * Math.PI) / 180)
        expect(Math.abs(Math.sin(away)), `${turnDeg}°`).to.be.lessThan(0.05) // filters are 0.098 apart
        const blocks = segment({ image, contrast, strongContrast }, field)
        const { periodPx: found } = ridgePeriods(image, field, blocks)
        expect(found.values[middle], `period ${periodPx}`).to.be.closeTo(periodPx, 0.25)
      }
  })

  it('gives 19 of 20 pixels of noise a coherence below the limit of the print, and ridges one far above', () => {
    let state = 5
    const noise = () => (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff) >> 8
    const pixels = Uint8Array.from({ length: 300 * 300 }, () => noise() % 256)
    const noisy = orientationOf(
      normalise(toWorkingResolution({ widthPx: 300, heightPx: 300, pixels, resolutionDpi: 500 })).image,
    )
    const sorted = Float32Array.from(noisy.coherence.values).sort()
    expect(sorted[Math.floor(0.95 * sorted.length)]).to.be.within(0.2, 0.27)
    const ridges = orientationOf(normalise(toWorkingResolution(drawPrint())).image)
    expect(ridges.coherence.values[160 * 320 + 160]).to.be.greaterThan(0.8)
  })

  it('finds the disc of the print and not the paper around it', () => {
    const normalised = normalise(toWorkingResolution(drawPrint({ discShare: 0.8 })))
    const { width, cells } = segment(normalised, orientationOf(normalised.image))
    const areaPx = cells.reduce((sum, cell) => sum + cell, 0) * 64
    expect(areaPx / (Math.PI * 128 ** 2)).to.be.within(0.95, 1.2)
    expect(cells[20 * width + 20]).to.equal(1)
    expect(cells[2 * width + 2]).to.equal(0)
  })
})

describe('dropSmallRegions()', () => {
  it('drops specks and fills holes, by neighbours of sides or corners', () => {
    const mask = maskOf('##....', '#.#..#', '###...')
    expect(rowsOf(dropSmallRegions(mask, 1, 2, 8, false))).to.deep.equal(['##....', '#.#...', '###...'])
    expect(rowsOf(dropSmallRegions(mask, 0, 2, 4, false))).to.deep.equal(['##....', '###..#', '###...'])
    expect(rowsOf(dropSmallRegions(mask, 0, 99, 4, true))).to.deep.equal(['##....', '###..#', '###...'])
  })
})

describe('thin() and Skeleton', () => {
  it('thins a bar to its middle line', () => {
    const bar = maskOf('............', '.##########.', '.##########.', '.##########.', '............')
    const line = rowsOf(thin(bar))
    expect(line.filter((row) => row.includes('#'))).to.have.length(1)
    expect(line[2]).to.match(/^\.+#{6,10}\.+$/)
  })

  it('keeps every pixel of lines that are thin already, and loses their corners', () => {
    const stairs = maskOf('.......', '.##....', '..##...', '...##..', '.......')
    const thinned = new Skeleton(thin(stairs))
    expect(thinned.ends()).to.have.length(2)
    expect(thinned.forks()).to.have.length(0)
  })

  it('sees a fork with its three branches and walks them to their ends', () => {
    const fork = maskOf(
      '...........',
      '.#.........',
      '..#........',
      '...#.......',
      '....#####..',
      '...#.......',
      '..#........',
      '.#.........',
      '...........',
    )
    const skeleton = new Skeleton(fork)
    const [p] = skeleton.forks()
    expect(p).to.equal(4 * 11 + 4)
    const traces = skeleton.branches(p!).map((first) => skeleton.trace(p!, first, 20))
    expect(traces.map(({ stop }) => stop)).to.deep.equal(['end', 'end', 'end'])
    expect(traces.map(({ pixels }) => pixels.length).sort()).to.deep.equal([3, 3, 4])
  })

  it('removes a spur and leaves a line', () => {
    const spur = maskOf('..........', '....#.....', '....#.....', '.########.', '..........')
    const skeleton = new Skeleton(spur)
    const [p] = skeleton.forks()
    expect(p).to.equal(3 * 10 + 4)
    skeleton.erase([2 * 10 + 4, 10 + 4])
    expect([skeleton.forks().length, skeleton.ends().length]).to.deep.equal([0, 2])
  })
})
