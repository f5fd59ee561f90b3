import type { GraphState, GraphStatus, IndexStatus } from '../../domain/search.js'
import type { GraphState__Output } from '../../generated/portcullis/v1/GraphState.js'
import type { GraphStatus as GraphStatusProto } from '../../generated/portcullis/v1/GraphStatus.js'
import type { IndexState__Output } from '../../generated/portcullis/v1/IndexState.js'
import type { IndexStatus as IndexStatusProto } from '../../generated/portcullis/v1/IndexStatus.js'
import type { IndexReport } from '../../services/index-admin.js'
import { timestampToProto } from './reports.js'

// IndexService, from the domain onto the wire.

export function indexStatusToProto(report: IndexReport): IndexStatusProto {
  return {
    algorithm: report.algorithm,
    state: STATE_TO_PROTO[report.state],
    referenceCount: report.referenceCount,
    shards: [...report.shards],
    quantiser: report.quantiser,
    graph: report.graph === null ? null : graphToProto(report.graph),
    audit: report.audit,
    recoveryCount: report.recoveryCount,
    fingers: { ...report.fingers, state: STATE_TO_PROTO[report.fingers.state] },
  }
}

const STATE_TO_PROTO: Readonly<Record<IndexStatus['state'], IndexState__Output>> = {
  loading: 'INDEX_STATE_LOADING',
  ready: 'INDEX_STATE_READY',
  recovering: 'INDEX_STATE_RECOVERING',
}

const GRAPH_STATE_TO_PROTO: Readonly<Record<GraphState, GraphState__Output>> = {
  building: 'GRAPH_STATE_BUILDING',
  ready: 'GRAPH_STATE_READY',
  down: 'GRAPH_STATE_DOWN',
}

function graphToProto(graph: GraphStatus): GraphStatusProto {
  const { nodeCount, pendingCount, breadth, snapshotAtMs, reason } = graph
  return {
    state: GRAPH_STATE_TO_PROTO[graph.state],
    nodeCount,
    pendingCount,
    breadth,
    snapshotAt: snapshotAtMs === null ? null : timestampToProto(snapshotAtMs),
    reason,
  }
}
