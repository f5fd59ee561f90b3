// `node dist/scripts/finger/bench.js`: what preparing a template and comparing two cost, on synthetic impressions.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../src/cli/package-root.js'
import { FingerComparer } from '../../src/engines/finger/comparer.js'
import { DescriptorCosines } from '../../src/engines/finger/descriptor-kernel.js'
import { prepareFinger } from '../../src/engines/finger/features.js'
import { parseFingerModel } from '../../src/engines/finger/model-file.js'
import { randomFrom } from '../samples/random.js'
import { randomFinger } from './finger.js'
import { randomImpression } from './impression.js'

const FINGERS = 120

const model = parseFingerModel(readFileSync(join(packageRoot(), 'models', 'finger', 'minutiae-v1.json')))
const minutiae = Array.from({ length: FINGERS }, (_, i) => {
  const random = randomFrom(`bench/${i}`)
  return randomImpression(randomFinger(random), random).minutiae
})
const mean = minutiae.reduce((sum, { x }) => sum + x.length, 0) / FINGERS
console.log(
  `${FINGERS} impressions of ${mean.toFixed(1)} minutiae, Node ${process.versions.node}; median (95th percentile) µs`,
)

const warm = minutiae.map((each) => prepareFinger(each, model))
const features = minutiae.map((each) => prepareFinger(each, model))
tell('prepare', minutiae, (each) => prepareFinger(each, model))
const pairs = features.flatMap((a, i) => warm.slice(i + 1).map((b) => [a, b] as const))
const cosines = new DescriptorCosines()
tell('cosines', pairs, ([a, b]) => cosines.measure(a.descriptors, b.descriptors))
const comparer = new FingerComparer(model)
tell('compare', pairs, ([a, b]) => comparer.compare(a, b))

function tell<Item>(what: string, items: readonly Item[], work: (item: Item) => void): void {
  const times = items.map((item) => {
    const start = process.hrtime.bigint()
    work(item)
    return Number(process.hrtime.bigint() - start) / 1000
  })
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.floor(share * (times.length - 1))]!.toFixed(1)
  console.log(`${what}: ${at(0.5)} (${at(0.95)})`)
}
