import { expect } from 'chai'
import sharp from 'sharp'
import { drawPlot } from '../../../src/adapters/plots/draw-plot.js'
import type { Plot } from '../../../src/domain/plot.js'

// Goal: drawings that any viewer can show. Method: a viewer of another maker (librsvg, through sharp) draws them again.
const PLOT: Plot = {
  title: 'Errors',
  caption: 'Less is better.',
  x: { name: 'rate & more', scale: 'logarithmic', min: 0.001, max: 1, labels: 'rate' },
  y: { name: 'score', scale: 'linear', min: 0, max: 2, labels: 'number' },
  series: [
    {
      name: 'steps',
      shape: 'steps',
      points: [
        [0, 2],
        [0.01, 1],
        [1, 0],
      ],
    },
    { name: 'points', shape: 'points', points: [[0.1, 1.5]] },
    {
      name: 'interval',
      shape: 'bounds',
      points: [
        [0.001, 0.5],
        [1, 0.6],
      ],
    },
  ],
}

describe('drawPlot()', () => {
  it('names axes and series, and labels ticks', () => {
    const svg = drawPlot(PLOT, 'light')
    for (const text of ['rate &amp; more', 'score', 'steps', 'points', 'interval', '0.1 %', '1 %', '10 %', '100 %'])
      expect(svg, text).to.contain(`>${text}<`)
  })

  it('draws a rate of 0 at the edge of a logarithmic axis: no coordinate is lost', () => {
    expect(drawPlot(PLOT, 'light')).to.not.match(/NaN|Infinity|undefined/)
  })

  it('draws segments apart from each other, in the colour of the series of their name', () => {
    const segments = { name: 'points', shape: 'segments', points: [[0.01, 0], [0.01, 1], [0.1, 1], [0.1, 2]] } as const // prettier-ignore
    const svg = drawPlot(
      { ...PLOT, series: [segments, { name: 'points', shape: 'points', points: [[0.01, 0.5]] }] },
      'light',
    )
    const [path] = /<path d="M[^"]*"[^>]*stroke="#0072b2"[^>]*>/.exec(svg) ?? ['']
    expect(path.match(/M/g)).to.have.length(2)
    expect(svg).to.not.contain('#d55e00')
  })

  it('writes rare rates as powers of ten', () => {
    const svg = drawPlot({ ...PLOT, x: { ...PLOT.x, min: 1e-7 } }, 'light')
    for (const text of ['10⁻⁵ %', '10⁻³ %', '0.01 %', '100 %']) expect(svg, text).to.contain(`>${text}<`)
  })

  it('is the same drawing in other colours for a dark reader', () => {
    const [light, dark] = [drawPlot(PLOT, 'light'), drawPlot(PLOT, 'dark')]
    expect(dark).to.not.equal(light)
    const bare = (svg: string) => svg.replaceAll(/#[0-9a-f]{6}/g, '').replaceAll(/zr\d+/g, '')
    expect(bare(dark)).to.equal(bare(light))
  })

  it('holds no script, no style and no address', () => {
    expect(drawPlot(PLOT, 'light').replaceAll(/ xmlns(:\w+)?="[^"]*"/g, '')).to.not.match(/<script|<style|http|class=/)
  })

  it('is drawn by another viewer: the line’s blue is in its pixels', async () => {
    const image = sharp(Buffer.from(drawPlot(PLOT, 'light'))).flatten({ background: '#fff' })
    const { data, info } = await image.raw().toBuffer({ resolveWithObject: true })
    expect([info.width, info.height]).to.deep.equal([520, 360])
    let blueCount = 0
    for (let i = 0; i < data.length; i += info.channels)
      if (data[i] === 0x00 && data[i + 1] === 0x72 && data[i + 2] === 0xb2) blueCount++
    expect(blueCount).to.be.above(300) // two pixels wide and some hundred long
  })
})
