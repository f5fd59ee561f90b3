import { setImmediate } from 'node:timers/promises'
import type { Duplex } from 'node:stream'
import { DomainError } from '../../domain/errors.js'
import { FrameReader } from './frames.js'
import { HnswGraph } from './hnsw-graph.js'
import type { Space } from './manifest.js'
import {
  decodeCommand,
  encodeReply,
  HELD_PAGE,
  unpackRows,
  type GraphCommand,
  type GraphReplies,
  type PackedRows,
} from './protocol.js'
import { ReferenceGraph } from './reference-graph.js'
import { loadSnapshot, writeSnapshot } from './snapshot.js'

/** The child's side: answers what comes over the pipe, in the process that the native graph may take down. */
export function serveGraph(pipe: Duplex): void {
  const reader = new FrameReader()
  const server = new GraphServer()
  const answer = async (message: Buffer): Promise<void> => {
    const command = decodeCommand(message)
    try {
      pipe.write(encodeReply({ call: command.call, value: await server.answer(command) }))
    } catch (error) {
      pipe.write(encodeReply({ call: command.call, failure: sentenceOf(error) }))
    }
  }
  pipe.on('data', (chunk: Buffer) => {
    for (const message of reader.push(chunk)) void answer(message)
  })
}

interface Opened {
  readonly space: Space
  readonly folder: string | null
  readonly graph: ReferenceGraph
  /** Ids that the snapshot held, until the last page of them is asked for. */
  heldIds: readonly number[]
}

class GraphServer {
  #opened: Opened | null = null
  /** One change at a time, a snapshot being one: hnswlib's file is of no use when a node is added while it is written. */
  #isChanging = false

  /** Searches are answered before this returns; changes let them in between single additions. */
  async answer(command: GraphCommand): Promise<GraphReplies[GraphCommand['kind']]> {
    switch (command.kind) {
      case 'open':
        return this.#open(command)
      case 'held':
        return this.#held(command.from)
      case 'search':
        return { neighbours: this.#graph().search(command.probe, command.countMax, command.breadth) }
      case 'check':
        return { foundCount: this.#check(command) }
      case 'add':
        return this.#alone(() => this.#add(command))
      case 'remove':
        return this.#alone(() => this.#remove(command.referenceIds))
      case 'snapshot':
        return this.#alone(() => this.#snapshot())
      case 'ping':
        return {}
    }
  }

  async #open({ algorithm, featureCount, folder, skipCount, capacity }: Extract<GraphCommand, { kind: 'open' }>) {
    const space = { algorithm, featureCount }
    const loaded = folder === null ? null : await loadSnapshot(folder, space, skipCount)
    const graph = loaded?.graph ?? new ReferenceGraph(HnswGraph.empty(featureCount, capacity))
    this.#opened = { space, folder, graph, heldIds: [...graph.table.referenceIds()] }
    return { ...this.#size(), snapshotAtMs: loaded?.createdAtMs ?? null }
  }

  #held(from: number) {
    const opened = this.#whenOpen()
    const referenceIds = opened.heldIds.slice(from, from + HELD_PAGE)
    if (referenceIds.length === 0) opened.heldIds = []
    return { referenceIds }
  }

  #check(rows: PackedRows): number {
    let foundCount = 0
    for (const { referenceId, features } of this.#unpack(rows))
      if (this.#graph().finds(referenceId, features)) foundCount++
    return foundCount
  }

  async #add(rows: PackedRows) {
    const lost: number[] = []
    for (const { referenceId, features } of this.#unpack(rows)) {
      if (!this.#isTaken(referenceId, features)) lost.push(referenceId)
      await setImmediate()
    }
    return { lost, ...this.#size() }
  }

  /** What the graph refuses is compared exactly, like what it does not find. */
  #isTaken(referenceId: number, features: Float32Array): boolean {
    try {
      return this.#graph().add(referenceId, features)
    } catch (error) {
      if (error instanceof DomainError) return false
      throw error
    }
  }

  #remove(referenceIds: Float64Array) {
    for (const referenceId of referenceIds) this.#graph().remove(referenceId)
    return this.#size()
  }

  async #snapshot() {
    const { folder, space, graph } = this.#whenOpen()
    if (folder === null) throw new Error('no folder for snapshots')
    const createdAtMs = Date.now()
    await writeSnapshot(folder, space, graph, createdAtMs)
    return { createdAtMs }
  }

  async #alone<T>(change: () => T | Promise<T>): Promise<T> {
    if (this.#isChanging) throw new Error('one change at a time')
    this.#isChanging = true
    try {
      return await change()
    } finally {
      this.#isChanging = false
    }
  }

  #unpack(rows: PackedRows) {
    return unpackRows(rows, this.#whenOpen().space.featureCount)
  }

  #size() {
    const { nodeCount, removedCount } = this.#graph()
    return { nodeCount, removedCount }
  }

  #graph(): ReferenceGraph {
    return this.#whenOpen().graph
  }

  #whenOpen(): Opened {
    if (this.#opened === null) throw new Error('the graph is not open')
    return this.#opened
  }
}

/** What went wrong without what it went wrong with. */
function sentenceOf(error: unknown): string {
  if (error instanceof DomainError) return error.got
  return error instanceof Error ? error.message : 'unknown'
}
