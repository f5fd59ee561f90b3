import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { PrometheusMetrics } from '../../../src/adapters/metrics/prometheus-metrics.js'
import type { ServiceState } from '../../../src/domain/metrics.js'
import type { GraphStatus } from '../../../src/domain/search.js'
import { Scrape } from '../../support/scrape.js'
import { PACKAGE_ROOT } from '../../support/weights.js'

const GRAPH: GraphStatus = {
  state: 'building',
  nodeCount: 7,
  pendingCount: 5,
  breadth: 800,
  snapshotAtMs: 1_000_000,
  reason: 'it is new',
}

const STATE: ServiceState = {
  index: {
    state: 'recovering',
    referenceCount: 12,
    shards: [
      { rowCount: 8, exceptionCount: 1, bytes: 4_096 },
      { rowCount: 4, exceptionCount: 2, bytes: 2_048 },
    ],
    quantiser: null,
    graph: GRAPH,
    audit: { checkedCount: 300, missedCount: 0, missRateUpper95: 0.01 },
    recoveryCount: 3,
  },
  analysis: { workingCount: 2, waitingCount: 5, countMax: 66 },
  algorithm: 'circle@000000000001',
  modelIds: ['compass@000000000001', 'ruler@000000000002'],
  nowMs: 1_090_000,
}

const scrape = async (metrics: PrometheusMetrics, state = STATE) => new Scrape(await metrics.text(state))

// Goal: the text says what the service says. Method: a state with a different number in every place.
describe('PrometheusMetrics', () => {
  it('shows the state of the service', async () => {
    const metrics = new PrometheusMetrics()
    const shown = await scrape(metrics)
    const lines = shown.text.split('\n')
    expect(lines).to.include.members([
      'portcullis_recall_checked_total 300',
      'portcullis_recall_missed_total 0',
      'portcullis_recall_miss_rate_upper95 0.01',
      'portcullis_index_recoveries_total 3',
      'portcullis_index_references 12',
      'portcullis_index_exceptions 3',
      'portcullis_index_state{state="ready"} 0',
      'portcullis_index_state{state="recovering"} 1',
      'portcullis_index_shard_bytes{shard="0"} 4096',
      'portcullis_index_shard_bytes{shard="1"} 2048',
      'portcullis_graph_state{state="building"} 1',
      'portcullis_graph_state{state="none"} 0',
      'portcullis_graph_nodes 7',
      'portcullis_graph_pending_references 5',
      'portcullis_graph_breadth 800',
      'portcullis_graph_snapshot_age_seconds 90', // 1,090,000 − 1,000,000 ms
      'portcullis_analysis_images{state="working"} 2',
      'portcullis_analysis_images{state="waiting"} 5',
      'portcullis_analysis_images_max 66',
      'portcullis_template_space_info{space="circle@000000000001"} 1',
      'portcullis_model_info{model="compass@000000000001"} 1',
      'portcullis_model_info{model="ruler@000000000002"} 1',
    ])
  })

  it('shows the same counts again, not their sum', async () => {
    const metrics = new PrometheusMetrics()
    await scrape(metrics)
    expect((await scrape(metrics)).value('portcullis_recall_checked_total')).to.equal(300)
  })

  it('leaves out what is not there any more', async () => {
    const metrics = new PrometheusMetrics()
    await scrape(metrics)
    const [shard] = STATE.index.shards
    const index = {
      ...STATE.index,
      shards: shard === undefined ? [] : [shard],
      graph: { ...GRAPH, snapshotAtMs: null },
    }
    const later = await scrape(metrics, { ...STATE, index, modelIds: [] })
    expect(later.family('portcullis_graph_snapshot_age_seconds')).to.deep.equal({})
    expect(later.family('portcullis_index_shard_bytes')).to.deep.equal({
      'portcullis_index_shard_bytes{shard="0"}': 4096,
    })
    expect(later.family('portcullis_model_info')).to.deep.equal({})
    expect((await scrape(metrics)).value('portcullis_graph_snapshot_age_seconds')).to.equal(90)
  })

  it('puts durations in seconds into their buckets', async () => {
    const metrics = new PrometheusMetrics()
    for (const durationMs of [1, 30, 30, 12_000]) metrics.events.called({ method: '/a.B/C', status: 'OK', durationMs })
    const shown = await scrape(metrics)
    const bucket = (le: string) =>
      shown.value(`portcullis_grpc_call_duration_seconds_bucket{le="${le}",method="/a.B/C"}`)
    expect(['0.001', '0.025', '0.05', '10', '+Inf'].map(bucket)).to.deep.equal([1, 1, 3, 3, 4])
    expect(shown.value('portcullis_grpc_call_duration_seconds_sum{method="/a.B/C"}')).to.be.closeTo(12.061, 1e-9)
  })

  it('is described in docs/metrics.md: every metric, its type, its labels and what it means', async () => {
    const metrics = new PrometheusMetrics()
    metrics.events.called({ method: '/a.B/C', status: 'OK', durationMs: 1 })
    const found = { outcome: 'no-candidate', mode: 'exact', durationMs: 1, comparedCount: 1, coveredCount: 1 } as const
    metrics.events.searched(found)
    metrics.events.enrolled({ outcome: 'enrolled' })
    const shown = await scrape(metrics)
    const rows = shown
      .families('portcullis_')
      .map(({ name, type, help }) => [`\`${name}\``, type, shown.labelsOf(name).join(', '), help])
    const document = readFileSync(join(PACKAGE_ROOT, 'docs', 'metrics.md'), 'utf8')
    const tableRows = [...document.matchAll(/^\| (`portcullis_.*) \|$/gm)]
      .map(([, row = '']) => row.split('|').map((cell) => cell.trim()))
      .filter((cells) => cells.length === 4) // the other table has two columns
    expect(tableRows).to.deep.equal(rows)
  })
})
