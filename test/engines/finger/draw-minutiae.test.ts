import { expect } from 'chai'
import sharp from 'sharp'
import { svgToPng } from '../../../src/adapters/image/svg-to-png.js'
import type { FingerView, RecordMinutia } from '../../../src/domain/finger.js'
import { minutiaeSvg } from '../../../src/engines/finger/draw-minutiae.js'
import { MARK_PATHS } from '../../../src/engines/finger/minutiae-style.js'
import { MINUTIAE, VIEW } from '../../support/finger/own-records.js'

const [ENDING, BIFURCATION] = MINUTIAE
const drawn = (minutiae: readonly RecordMinutia[], change: Partial<FingerView> = {}) =>
  minutiaeSvg({ ...VIEW, ...change, minutiae })
/** Class, place, turn and shape of every minutia, in the order of drawing. */
const marksOf = (svg: string) =>
  [
    ...svg.matchAll(/class="pm-mark (pm-q\d)" transform="translate\((\S+) (\S+)\) rotate\((\S+)\)[^"]*" d="([^"]+)"/g),
  ].map(([, quality, x, y, turn, path]) => ({ quality, at: [Number(x), Number(y)], turn: Number(turn), path }))
const textsOf = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, words]) => words)

// Goal: a drawing that shows what the record holds. Method: the SVG is read back, and drawn by librsvg.
describe('minutiaeSvg()', () => {
  it('draws each minutia in its place, turned counter-clockwise, shaped by type, coloured by quality', () => {
    const other = { ...ENDING, type: 'other', xPx: 399, yPx: 0, angleRad: 0, quality: 21 } as const
    expect(marksOf(drawn([ENDING, BIFURCATION, other]))).to.deep.equal([
      // The best is drawn last and lies on top. y is down as in the record; SVG turns clockwise.
      { quality: 'pm-q0', at: [101, 51], turn: -270, path: MARK_PATHS.bifurcation },
      { quality: 'pm-q2', at: [399, 0], turn: 0, path: MARK_PATHS.other },
      { quality: 'pm-q5', at: [100, 50], turn: -90, path: MARK_PATHS.ending },
    ])
    expect(new Set(Object.values(MARK_PATHS)).size).to.equal(3)
  })

  it('is true to scale: 1000 dpi across and 500 down make a paper half as wide', () => {
    const paper = (change: Partial<FingerView>) => /pm-paper"[^>]* width="(\S+)" height="(\S+)"/.exec(drawn([], change))
    expect(paper({})?.slice(1)).to.deep.equal(['400', '500'])
    expect(paper({ resolutionXPpcm: 394 })?.slice(1)).to.deep.equal(['200', '500'])
    expect(marksOf(drawn([ENDING], { resolutionXPpcm: 394 }))[0]?.at).to.deep.equal([50, 50])
    expect(drawn([])).to.include('M0 57v6M0 60h98.5M98.5 57v6') // 5 mm at 197 px per cm
  })

  it('says counts and the legend, and nothing of the person', () => {
    const texts = textsOf(drawn([ENDING, ENDING, BIFURCATION]))
    expect(texts).to.include.members(['1 ending', '1 bifurcation', '0 others', '5 mm', '2 minutiae, 1 given twice'])
    expect(textsOf(drawn([ENDING], { position: 'left-thumb' }))).to.deep.equal(textsOf(drawn([ENDING])))
    expect(texts.join(' ')).not.to.match(/index|thumb|right|left/)
  })

  it('needs nothing from outside, and follows the viewer’s dark theme', () => {
    const svg = drawn(MINUTIAE)
    expect(svg).not.to.match(/href|url\(|<script|<image|@import/)
    expect(svg.match(/https?:[^"]+/g)).to.deep.equal(['http://www.w3.org/2000/svg']) // the name of the language
    expect(svg).to.include('@media (prefers-color-scheme:dark)')
  })

  it('is drawn by librsvg: ink where the minutiae are, paper elsewhere', async () => {
    const png = await svgToPng(drawn([{ ...ENDING, angleRad: 0 }]))
    const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true })
    const svg = drawn([])
    const [, pageWidth, pageHeight] = /viewBox="0 0 (\S+) (\S+)"/.exec(svg) ?? []
    const [, left, top] = /pm-paper" x="(\S+)" y="(\S+)"/.exec(svg) ?? []
    const scale = info.height / Number(pageHeight)
    expect(info.height).to.equal(900)
    expect(info.width).to.equal(Math.ceil(Number(pageWidth) * scale))
    const pixel = (x: number, y: number) => {
      const [column, row] = [Math.round((Number(left) + x) * scale), Math.round((Number(top) + y) * scale)]
      return [...data.subarray((row * info.width + column) * 3, (row * info.width + column) * 3 + 3)]
    }
    expect(pixel(300, 300)).to.deep.equal([255, 255, 255])
    expect(pixel(108, 50)).to.deep.equal([0x1f, 0x5f, 0xbf]) // the tick of quality 90 points right
    expect(pixel(92, 50)).to.deep.equal([255, 255, 255])
  })

  it('draws a view without minutiae, and the largest and smallest images', async () => {
    for (const [widthPx, heightPx] of [
      [1, 1],
      [0xffff, 0xffff],
      [0xffff, 1],
    ] as const) {
      const minutia = { ...ENDING, xPx: 0, yPx: 0 }
      expect((await svgToPng(drawn([minutia], { widthPx, heightPx }))).length).to.be.greaterThan(100)
    }
    expect(marksOf(drawn([]))).to.deep.equal([])
  })
})
