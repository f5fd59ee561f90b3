// Builds and searches a graph with hnswlib-node as its guides do: M 16, efConstruction 200, ef 200. When its
// input ends it searches, and prints an OutsideReport.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import hnswlib from 'hnswlib-node'
import type { OutsideReport, OutsideTask } from './outside.js'
import { timeSearches } from './timing.js'

const LINKS = 16
const EF_CONSTRUCTION = 200
const EF = 200

const { folder, count, featureCount, listLength } = JSON.parse(process.argv[2] ?? '') as OutsideTask
const rows = vectors('rows.f32')
const residentBytes = process.memoryUsage().rss
const startMs = performance.now()
const graph = new hnswlib.HierarchicalNSW('ip', featureCount)
graph.initIndex(count, LINKS, EF_CONSTRUCTION)
rows.forEach((row, label) => graph.addPoint(numbersOf(row), label))
graph.setEf(EF)
const loadS = (performance.now() - startMs) / 1000
const bytesPerTemplate = (process.memoryUsage().rss - residentBytes) / count
for await (const _ of process.stdin) continue // until others have built theirs
const search = async (probe: Float32Array) => graph.searchKnn(numbersOf(probe), listLength).neighbors
const timing = await timeSearches(search, vectors('probes.f32'))
const report: OutsideReport = {
  loadS,
  bytesPerTemplate,
  runs: [{ engine: `hnswlib-node, M ${LINKS}, ef ${EF}, 1 thread`, ...timing }],
}
console.log(JSON.stringify(report))

function vectors(file: string): readonly Float32Array[] {
  const bytes = new Uint8Array(readFileSync(join(folder, file)))
  const values = new Float32Array(bytes.buffer)
  const length = values.length / featureCount
  return Array.from({ length }, (_, i) => values.subarray(i * featureCount, (i + 1) * featureCount))
}

/** The addon takes plain arrays only. */
function numbersOf(row: Float32Array): number[] {
  return Array.from(row)
}
