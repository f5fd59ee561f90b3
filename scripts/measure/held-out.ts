// Does a stated FPIR hold on people who had no part in the calibration, both ways round? Prints a table.
//   node dist/scripts/measure/held-out.js [--lfw FOLDER] [--space ensemble] [--models FOLDER] [--cache FOLDER]
import { dot } from '../../src/domain/template.js'
import { draw, seededRandom } from '../../src/services/index-check/seeded.js'
import { curveOf } from './curve-of.js'
import { readOptions, readSides, type Person } from './lfw-people.js'

const GALLERY_COUNT = 20

const options = readOptions()
const { devTest, devTrain } = await readSides(options)
console.log(
  '| calibrated on | N | target | stated interval | measured | over target |\n| --- | ---: | ---: | ---: | ---: | ---: |',
)
await measure('pairsDevTest', devTest, devTrain)
await measure('pairsDevTrain', devTrain, devTest)

/** One photograph of each person; N are enrolled, all others are probes of nobody listed. */
async function measure(name: string, calibrated: readonly Person[], people: readonly Person[]): Promise<void> {
  const curve = await curveOf(calibrated)
  const photos = people.map(({ features }) => features[0]!)
  const scores = photos.map((own) => Float32Array.from(photos, (other) => dot(own, other)))
  for (const size of [300, 600])
    for (const target of [0.1, 0.03, 0.01]) {
      const threshold = curve.scoreAtFpir(target, size)
      const { lower95, upper95 } = curve.fpirAt(threshold, size)
      const measured = meanFpir(scores, threshold, size)
      const row = [name, size, target, `${short(lower95)}–${short(upper95)}`, short(measured), short(measured / target)]
      console.log(`| ${row.join(' | ')} |`)
    }
}

/** Over galleries drawn by one seed for each size. */
function meanFpir(scores: readonly Float32Array[], threshold: number, size: number): number {
  const random = seededRandom(size)
  const everybody = Array.from(scores.keys())
  let sum = 0
  for (let i = 0; i < GALLERY_COUNT; i++) {
    const gallery = draw(everybody, size, random)
    const listed = new Set(gallery)
    const probes = everybody.filter((person) => !listed.has(person))
    sum += probes.filter((probe) => gallery.some((one) => scores[probe]![one]! >= threshold)).length / probes.length
  }
  return sum / GALLERY_COUNT
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)))
}
