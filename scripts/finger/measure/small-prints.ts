// How often small prints of different fingers score as high as a mate would: `node dist/scripts/finger/measure/small-prints.js`.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { packageRoot } from '../../../src/cli/package-root.js'
import type { NormalisedMinutiae } from '../../../src/domain/finger.js'
import { FingerComparer } from '../../../src/engines/finger/comparer.js'
import { prepareFinger } from '../../../src/engines/finger/features.js'
import type { FingerModel } from '../../../src/engines/finger/model.js'
import { parseFingerModel } from '../../../src/engines/finger/model-file.js'
import { randomFrom } from '../../samples/random.js'
import { randomFinger } from '../finger.js'
import { randomImpression } from '../impression.js'

const CLAIMS = [2, 3, 4]

/**
 * Non-mated scores of prints that show only `minutiaeCount` minutiae: those nearest to the best one of an impression.
 * @returns every two of them, greatest first
 */
export function smallPrintScores(minutiaeCount: number, fingerCount: number, model: FingerModel): readonly number[] {
  const prints = Array.from({ length: fingerCount }, (_, finger) => {
    const random = randomFrom(`small print ${finger}`)
    return randomImpression(randomFinger(random), random).minutiae
  }).filter(({ x }) => x.length > minutiaeCount)
  const features = prints.map((minutiae) => prepareFinger(nearest(minutiae, minutiaeCount), model))
  const comparer = new FingerComparer(model)
  const scores: number[] = []
  for (const [i, probe] of features.entries())
    for (const reference of features.slice(i + 1)) scores.push(comparer.compare(probe, reference))
  return scores.sort((a, b) => b - a)
}

function nearest(minutiae: NormalisedMinutiae, count: number): NormalisedMinutiae {
  const { x, y } = minutiae
  const distance = (i: number) => Math.hypot(x[i]! - x[0]!, y[i]! - y[0]!)
  const order = Array.from(x, (_, i) => i)
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, count)
  return {
    x: Float32Array.from(order, (i) => x[i]!),
    y: Float32Array.from(order, (i) => y[i]!),
    angleRad: Float32Array.from(order, (i) => minutiae.angleRad[i]!),
    type: Uint8Array.from(order, (i) => minutiae.type[i]!),
    quality: Uint8Array.from(order, (i) => minutiae.quality[i]!),
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const model = parseFingerModel(readFileSync(join(packageRoot(), 'models', 'finger', 'minutiae-v1.json')))
  console.log(`| minutiae | comparisons | ${CLAIMS.map((claim) => `FMR at score ${claim}`).join(' | ')} | greatest |`)
  console.log('| --- | --- | --- | --- | --- | --- |')
  for (const count of [6, 8, 10, 12, 15, 18, 20, 25]) {
    const scores = smallPrintScores(count, 400, model)
    const rates = CLAIMS.map((claim) => scores.filter((score) => score >= claim).length / scores.length)
    const cells = rates.map((rate) => rate.toExponential(1))
    console.log(`| ${count} | ${scores.length} | ${cells.join(' | ')} | ${(scores[0] ?? 0).toFixed(1)} |`)
  }
}
