// Compares probes with every row, plainly: eight probes at a time, so that a row is read once for them.
import { parentPort, workerData } from 'node:worker_threads'
import { LIST_LENGTH, type OracleTask, type TrueList } from './oracle.js'

const PROBES_TOGETHER = 8
/** Kept while scanning, where scores are summed in another order; the ends are put right afterwards. */
const SPARE = 10

interface Scored {
  readonly row: number
  readonly score: number
}

const { rows, featureCount, probes } = workerData as OracleTask
const rowCount = rows.length / featureCount
const lists: TrueList[] = []
for (let first = 0; first < probes.length; first += PROBES_TOGETHER)
  lists.push(...listsOf(probes.slice(first, first + PROBES_TOGETHER)))
parentPort?.postMessage(lists)

function listsOf(group: readonly Float32Array[]): readonly TrueList[] {
  const wide = group.map((probe) => Float64Array.from(probe))
  const kept = group.map((): Scored[] => [])
  const values = new Float64Array(featureCount)
  for (let row = 0; row < rowCount; row++) {
    for (let i = 0, from = row * featureCount; i < featureCount; i++) values[i] = rows[from + i]!
    for (let p = 0; p < wide.length; p++) keep(kept[p]!, row, fastDot(wide[p]!, values))
  }
  return kept.map((list, p) => exactly(group[p]!, list))
}

/** Four sums side by side. */
function fastDot(a: Float64Array, b: Float64Array): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0]
  for (let i = 0; i < a.length; i += 4) {
    s0 += a[i]! * b[i]!
    s1 += a[i + 1]! * b[i + 1]!
    s2 += a[i + 2]! * b[i + 2]!
    s3 += a[i + 3]! * b[i + 3]!
  }
  return s0 + s1 + (s2 + s3)
}

/** Keeps the list sorted; of equal scores the earlier row stands first. */
function keep(list: Scored[], row: number, score: number): void {
  if (list.length === LIST_LENGTH + SPARE && score <= list.at(-1)!.score) return
  let at = list.length
  while (at > 0 && list[at - 1]!.score < score) at--
  list.splice(at, 0, { row, score })
  if (list.length > LIST_LENGTH + SPARE) list.pop()
}

/** Scores summed feature after feature in float64, as the product defines them. */
function exactly(probe: Float32Array, list: readonly Scored[]): TrueList {
  const scored = list.map(({ row }) => {
    let score = 0
    for (let i = 0; i < featureCount; i++) score += probe[i]! * rows[row * featureCount + i]!
    return { row, score }
  })
  const best = scored.sort((a, b) => b.score - a.score || a.row - b.row).slice(0, LIST_LENGTH)
  return { rows: best.map(({ row }) => row), scores: best.map(({ score }) => score) }
}
