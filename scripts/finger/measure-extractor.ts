// Measures the built-in extractor on rendered prints and prints tables.
//   node dist/scripts/finger/measure-extractor.js [--fingers 20] [--impressions 4] [--seed measure] [--only CONDITIONS]
//   … --model models/finger/minutiae-v1.json   adds the error rates of extractor and matcher together
import { parseArgs } from 'node:util'
import { extractFinger } from '../../src/engines/finger/extraction/extract-finger.js'
import type { FingerView } from '../../src/domain/finger.js'
import { CONDITIONS, type ConditionName, type Impression } from './render/impression.js'
import { impressionOf, makeMaster } from './render/master.js'
import { measureErrors, readModel } from './measure/error-rates.js'
import { repetition, type Repetition } from './measure/repeatability.js'

interface Taken {
  readonly finger: number
  readonly impression: Impression
  readonly view: FingerView | null
  readonly cpuMs: number
}

const { values } = parseArgs({
  options: {
    fingers: { type: 'string', default: '20' },
    impressions: { type: 'string', default: '4' },
    seed: { type: 'string', default: 'measure' },
    only: { type: 'string' },
    model: { type: 'string' },
  },
})
const masters = Array.from({ length: Number(values.fingers) }, (_, i) => makeMaster(values.seed, i + 1))
const names = Object.keys(CONDITIONS).filter((name) => values.only === undefined || name === values.only)
console.log(`${masters.length} fingers, ${values.impressions} impressions of each, seed "${values.seed}"`)
const model = values.model === undefined ? null : readModel(values.model)
const errorColumns = model ? '  mated  non-mated  EER %  FNMR % at FMR 1 %  at 0.1 %' : ''
console.log(`conditions  refused  minutiae  quality  repeated %  by chance %  CPU ms (median)${errorColumns}`)
for (const name of names) {
  const taken = takeAll(name as ConditionName)
  const views = taken.flatMap(({ view }) => (view ? [view] : []))
  const row = [
    name.padEnd(10),
    String(taken.length - views.length).padStart(8),
    mean(views.map(({ minutiae }) => minutiae.length))
      .toFixed(1)
      .padStart(9),
    mean(views.map(({ quality }) => quality ?? 0))
      .toFixed(0)
      .padStart(8),
    percent(pairs(taken, true)).padStart(11),
    percent(pairs(taken, false)).padStart(12),
    median(taken.map(({ cpuMs }) => cpuMs))
      .toFixed(0)
      .padStart(16),
  ]
  console.log([...row, ...errorsOf(taken)].join(' '))
}

function errorsOf(taken: readonly Taken[]): readonly string[] {
  if (!model) return []
  const views = masters.map((_, finger) => taken.filter((each) => each.finger === finger).map(({ view }) => view))
  const { matedCount, nonMatedCount, eer, fnmrAtFmr1Percent, fnmrAtFmr01Percent } = measureErrors(views, model)
  return [
    String(matedCount).padStart(7),
    String(nonMatedCount).padStart(10),
    (100 * eer).toFixed(2).padStart(6),
    (100 * fnmrAtFmr1Percent).toFixed(2).padStart(18),
    (100 * fnmrAtFmr01Percent).toFixed(2).padStart(9),
  ]
}

function takeAll(conditions: ConditionName): readonly Taken[] {
  return masters.flatMap((master, finger) =>
    Array.from({ length: Number(values.impressions) }, (_, number) => {
      const impression = impressionOf(master, number + 1, conditions)
      const before = process.cpuUsage()
      const result = extractFinger(impression.image)
      const { user, system } = process.cpuUsage(before)
      const view = 'print' in result ? result.print.view : null
      return { finger, impression, view, cpuMs: (user + system) / 1000 }
    }),
  )
}

/** All ordered pairs of one finger, or of one finger's first impression with the next finger's: chance agreement. */
function pairs(taken: readonly Taken[], isMated: boolean): readonly Repetition[] {
  const usable = taken.flatMap(({ view, ...rest }) => (view ? [{ ...rest, minutiae: view.minutiae }] : []))
  return usable.flatMap((first) =>
    usable
      .filter((second) => second !== first)
      .filter((second) => (isMated ? second.finger === first.finger : second.finger === first.finger + 1))
      .map((second) => repetition(first, second)),
  )
}

function percent(repetitions: readonly Repetition[]): string {
  const sum = (of: (each: Repetition) => number) => repetitions.reduce((total, each) => total + of(each), 0)
  return ((100 * sum(({ found }) => found)) / sum(({ expected }) => expected)).toFixed(1)
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN
}
