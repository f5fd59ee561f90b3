// `node dist/scripts/train/curve.js LOG.jsonl OUT`: the training log as a table (OUT.md), as JSON (OUT.json) and as a drawing
// (OUT.svg): accuracy on LFW's development pairs against the samples that the student has seen.
import { readFile, writeFile } from 'node:fs/promises'
import { drawPlot } from '../../src/adapters/plots/draw-plot.js'
import type { Plot } from '../../src/domain/plot.js'

/** A line of the log, as train_recogniser.py writes it. */
interface Line {
  readonly samples: number
  readonly seconds: number
  /** Shards of made faces that there were. */
  readonly made: number
  readonly loss: number
  /** Mean cosine of student and teacher over augmented training samples. */
  readonly cosine: number
  /** Share of right decisions: pairsDevTrain at its best threshold, pairsDevTest at that one and at its own best. */
  readonly lfw: { readonly train: number; readonly test: number; readonly testBest: number }
}

const ROWS_MAX = 16

const [log, out] = process.argv.slice(2)
if (log === undefined || out === undefined) throw new Error('name the log and where the curve goes')
const lines = (await readFile(log, 'utf8'))
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Line)
await writeFile(`${out}.json`, `${JSON.stringify(lines, null, 1)}\n`)
await writeFile(`${out}.md`, tableOf(lines))
await writeFile(`${out}.svg`, drawPlot(plotOf(lines), 'light'))

function tableOf(all: readonly Line[]): string {
  const every = Math.ceil(all.length / ROWS_MAX)
  const shown = all.filter((_, i) => (all.length - 1 - i) % every === 0)
  const rows = shown.map(({ samples, seconds, cosine, lfw }) =>
    [samples, Math.round(seconds / 60), cosine.toFixed(3), lfw.train.toFixed(4), lfw.test.toFixed(4)].join(' | '),
  )
  const head = [
    '| samples | minutes | cosine to the teacher | pairsDevTrain | pairsDevTest |',
    '| --- | --- | --- | --- | --- |',
  ]
  return `${[...head, ...rows.map((row) => `| ${row} |`)].join('\n')}\n`
}

function plotOf(all: readonly Line[]): Plot {
  const highest = Math.max(...all.map((line) => line.samples)) / 1000
  return {
    title: 'Accuracy against training samples',
    caption: 'Pairs of pairsDevTest.txt decided rightly, at the threshold that is best on pairsDevTrain.txt.',
    x: { name: 'training samples, thousands', scale: 'linear', min: 0, max: highest, labels: 'number' },
    y: { name: 'accuracy on 1,000 pairs', scale: 'linear', min: 0.5, max: 1, labels: 'rate' },
    series: [
      {
        name: 'pairsDevTest',
        shape: 'line',
        points: all.map(({ samples, lfw }) => [samples / 1000, lfw.test] as const),
      },
    ],
  }
}
