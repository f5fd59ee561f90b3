import { readFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { upper95 } from '../../../src/domain/recall.js'
import { parseFingerModel } from '../../../src/engines/finger/model-file.js'
import { markdownTable, median, quantile } from '../statistics.js'
import { measureEndToEnd, type EndToEnd } from './end-to-end.js'
import { syntheticGallery } from './gallery.js'
import { measurePieces, type Pieces } from './pieces.js'
import { measureRecall, type Recall } from './recall.js'

const TEMPLATE_COUNT = 10_000
const SMALL_COUNT = 1_000
const PROBE_COUNT = 400
const PENETRATION = 0.01

/** 1:N search of fingerprints, as Markdown: its parts, what its shortlist loses, and the whole. Targets: FINGERPRINT.md, §1. */
export async function benchFinger(root: string): Promise<string> {
  const [loadBefore] = loadavg() as [number]
  const model = parseFingerModel(await readFile(join(root, 'models', 'finger', 'minutiae-v1.json')))
  console.error('making synthetic fingers …')
  const gallery = syntheticGallery(TEMPLATE_COUNT, PROBE_COUNT)
  const small = { ...gallery, references: gallery.references.slice(0, SMALL_COUNT) }
  console.error('measuring the parts …')
  const pieces = await measurePieces(gallery, model)
  console.error('measuring what the shortlist loses …')
  const recall = await measureRecall(pieces.shard, gallery, PENETRATION)
  await pieces.shard.close()
  console.error('measuring whole searches …')
  const whole: EndToEnd[] = []
  for (const part of [small, gallery])
    for (const shardCount of [1, 2]) whole.push(await measureEndToEnd(part, model, shardCount))
  return [
    `${TEMPLATE_COUNT.toLocaleString('en')} synthetic fingers, ${PROBE_COUNT} probes; load average before the run ${loadBefore.toFixed(1)}.`,
    partsTable(pieces, recall),
    wholeTable(whole),
  ].join('\n\n')
}

function partsTable(pieces: Pieces, recall: Recall): string {
  const { keptCount, lostCount, probeCount } = recall
  const judgedCount = keptCount + lostCount
  const us = (values: readonly number[]) => `${Math.round(median(values))} µs`
  return markdownTable([
    ['part', 'measured', 'target'],
    ['prepare an impression, median', us(pieces.prepareUs), '–'],
    ['compare 1:1 (non-mated), median', us(pieces.compareUs), '≤ 200 µs'],
    ['insert, median', us(pieces.insertUs), '–'],
    ['memory', `${Math.round(pieces.bytesPerTemplate).toLocaleString('en')} bytes per template`, 'about 13,000'],
    [
      'rank-1 mates of an exhaustive search kept at 1 % penetration',
      `${percent(keptCount / judgedCount)} (${keptCount} of ${judgedCount}; of ${probeCount} probes)`,
      '≥ 96 %',
    ],
    ['lost ≤ (95 %)', percent(upper95(lostCount, judgedCount)), '–'],
  ])
}

function wholeTable(whole: readonly EndToEnd[]): string {
  const rows = whole.map(({ templateCount, shardCount, loadS, shortlistMs, searchMs }) => [
    templateCount.toLocaleString('en'),
    String(shardCount),
    loadS.toFixed(1),
    median(shortlistMs).toFixed(1),
    median(searchMs).toFixed(1),
    quantile(searchMs, 0.95).toFixed(1),
    templateCount === TEMPLATE_COUNT && shardCount === 2 ? 'shortlist ≤ 10 ms, p95 ≤ 50 ms' : '–',
  ])
  const head = ['templates', 'shards', 'load s', 'shortlist p50 ms', 'search p50 ms', 'search p95 ms', 'target']
  return markdownTable([head, ...rows])
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}
