import type { GraphState__Output } from '../generated/portcullis/v1/GraphState.js'
import type { GraphStatus__Output } from '../generated/portcullis/v1/GraphStatus.js'
import type { IndexState__Output } from '../generated/portcullis/v1/IndexState.js'
import type { IndexStatus__Output } from '../generated/portcullis/v1/IndexStatus.js'
import { auditText } from './audit-text.js'
import { plain } from './plain.js'
import type { Terminal } from './terminal.js'

const STATES: Record<IndexState__Output, string> = {
  INDEX_STATE_UNSPECIFIED: 'a state that this program does not know',
  INDEX_STATE_LOADING: 'LOADING: searches are refused until every reference is read',
  INDEX_STATE_READY: 'ready',
  INDEX_STATE_RECOVERING: 'RECOVERING: searches are refused until every reference is read again',
}

const GRAPH_STATES: Record<GraphState__Output, string> = {
  GRAPH_STATE_UNSPECIFIED: 'in a state that this program does not know',
  GRAPH_STATE_BUILDING: 'being built',
  GRAPH_STATE_READY: 'ready',
  GRAPH_STATE_DOWN: 'DOWN',
}

/** The state of the index for people: whether it serves, what it holds, and how its graph does. */
export function printIndexStatus(terminal: Terminal, status: IndexStatus__Output): void {
  terminal.line(`Index     ${STATES[status.state]}; loaded again ${status.recoveryCount} times since the start`)
  terminal.line(`Holds     ${status.referenceCount} references of ${status.algorithm}`)
  status.shards.forEach(({ rowCount, exceptionCount, bytes }, i) =>
    terminal.line(
      `Shard ${i}   ${rowCount} rows in ${(bytes / 2 ** 20).toFixed(1)} MiB, ${exceptionCount} that 8 bits fit badly`,
    ),
  )
  const { quantiser, graph, audit, fingers } = status
  if (quantiser !== null)
    terminal.line(`Codes     step ${quantiser.step.toPrecision(3)}, error at most ${quantiser.errorMax.toPrecision(3)}`)
  if (graph === null) terminal.line('Graph     none: the exact scan serves alone')
  else printGraph(terminal, graph)
  if (audit !== null && audit.checkedCount > 0) terminal.line(`Audit     the graph: ${auditText(audit)}`)
  if (fingers !== null)
    terminal.line(
      `Fingers   ${fingers.referenceCount} references of ${fingers.algorithm} in ${(fingers.bytes / 2 ** 20).toFixed(1)} MiB; ${STATES[fingers.state]}`,
    )
}

function printGraph(terminal: Terminal, graph: GraphStatus__Output): void {
  const { state, nodeCount, pendingCount, breadth, snapshotAt, reason } = graph
  terminal.line(`Graph     ${GRAPH_STATES[state]}${reason === '' ? '' : `: ${reason}`}`)
  terminal.line(`          ${nodeCount} nodes, ${pendingCount} references pending, breadth ${breadth}`)
  terminal.line(`          ${snapshotAt === null ? 'no snapshot' : `snapshot of ${String(plain(snapshotAt))}`}`)
}
