// Times the built-in extractor, warm, in this thread: node dist/scripts/finger/time-extractor.js
// CPU time is what one core works; the wall clock is only as good as the machine is idle.
import { extractFinger } from '../../src/engines/finger/extraction/extract-finger.js'
import type { GreyImage } from '../../src/domain/grey-image.js'
import { impressionOf, makeMaster } from './render/master.js'

const ROUNDS = 3
const { image } = impressionOf(makeMaster('time', 1), 1, 'usual')
const sizes: readonly (readonly [string, GreyImage])[] = [
  ['388 × 374 px (FVC2002 DB1)', image],
  ['500 × 482 px (enlarged from 388 × 374)', { ...image, resolutionDpi: 388 }],
  ['1,552 × 1,496 px (16 prints)', tiled(image, 4)],
  ['2,000 × 2,000 px of dashes (the limit)', dashes(2000)],
]
console.log('at 500 dpi'.padEnd(46), 'CPU ms', 'wall ms', '(medians of 3)')
for (const [name, each] of sizes) {
  if ('refusal' in extractFinger(each)) throw new Error(`${name} was refused`)
  const times = Array.from({ length: ROUNDS }, () => timed(each))
  const median = (of: (time: (typeof times)[number]) => number) =>
    times.map(of).sort((a, b) => a - b)[ROUNDS >> 1] ?? NaN
  const [cpu, wall] = [median(({ cpuMs }) => cpuMs), median(({ wallMs }) => wallMs)]
  console.log(name.padEnd(46), cpu.toFixed(0).padStart(6), wall.toFixed(0).padStart(7))
}

function timed(each: GreyImage): { readonly cpuMs: number; readonly wallMs: number } {
  const [cpu, startMs] = [process.cpuUsage(), performance.now()]
  extractFinger(each)
  const { user, system } = process.cpuUsage(cpu)
  return { cpuMs: (user + system) / 1000, wallMs: performance.now() - startMs }
}

function tiled({ widthPx, heightPx, pixels, resolutionDpi }: GreyImage, count: number): GreyImage {
  const out = new Uint8Array(widthPx * heightPx * count * count)
  for (let y = 0; y < heightPx * count; y++)
    for (let column = 0; column < count; column++) {
      const row = (y % heightPx) * widthPx
      out.set(pixels.subarray(row, row + widthPx), (y * count + column) * widthPx)
    }
  return { widthPx: widthPx * count, heightPx: heightPx * count, pixels: out, resolutionDpi }
}

/** The most work that a picture within the limits was found to make: a print of nothing but ends. */
function dashes(sidePx: number): GreyImage {
  const pixels = Uint8Array.from({ length: sidePx * sidePx }, (_, p) => {
    const [x, y] = [p % sidePx, Math.floor(p / sidePx)]
    const shift = Math.floor(y / 9) % 2 === 0 ? 0 : 30
    return (x + shift) % 60 < 36 && y % 9 < 5 ? 20 : 235
  })
  return { widthPx: sidePx, heightPx: sidePx, pixels, resolutionDpi: 500 }
}
