import { receiveMessageOnPort, type MessagePort } from 'node:worker_threads'
import type { Shard, ShardAnswer, ShardQuery } from '../../domain/search.js'
import { answerCall, failureOf } from './answer-call.js'
import { unpackRows, type ShardCall, type ShardReply } from './protocol.js'

/** A shard that can answer several queries in one pass. */
export interface BatchShard extends Shard {
  searchAll(queries: readonly ShardQuery[]): readonly ShardAnswer[]
}

/** Queries that wait are answered in one pass over the memory, up to so many. */
const BATCH_MAX = 16

/**
 * The thread's side: answers calls in their order. Searches that already wait behind one another are drained into one pass;
 * a change between two searches stays between them.
 */
export function serveShard(port: MessagePort, shard: BatchShard): void {
  let tail: Promise<void> = Promise.resolve()
  port.on('message', (first: ShardCall) => {
    const calls = [first, ...drain(port)]
    tail = tail.then(() => answerAll(port, shard, calls))
  })
}

function drain(port: MessagePort): readonly ShardCall[] {
  const calls: ShardCall[] = []
  while (calls.length < BATCH_MAX - 1) {
    const next = receiveMessageOnPort(port) as { readonly message: ShardCall } | undefined
    if (next === undefined) break
    calls.push(next.message)
  }
  return calls
}

async function answerAll(port: MessagePort, shard: BatchShard, calls: readonly ShardCall[]): Promise<void> {
  for (let i = 0; i < calls.length;) {
    const searches = runOfSearches(calls, i)
    if (searches.length > 1) answerSearches(port, shard, searches)
    else await answerOne(port, shard, calls[i]!)
    i += Math.max(1, searches.length)
  }
}

type SearchCall = Extract<ShardCall, { kind: 'search' }>

function runOfSearches(calls: readonly ShardCall[], from: number): readonly SearchCall[] {
  const run: SearchCall[] = []
  for (let i = from; i < calls.length; i++) {
    const call = calls[i]!
    if (call.kind !== 'search') break
    run.push(call)
  }
  return run
}

function answerSearches(port: MessagePort, shard: BatchShard, searches: readonly SearchCall[]): void {
  try {
    shard.searchAll(searches.map(({ query }) => query)).forEach((answer, i) => {
      port.postMessage({ call: searches[i]!.call, answer } satisfies ShardReply)
    })
  } catch (error) {
    for (const { call } of searches) port.postMessage({ call, ...failureOf(error) } satisfies ShardReply)
  }
}

async function answerOne(port: MessagePort, shard: Shard, call: ShardCall): Promise<void> {
  await answerCall(port, call, (asked) => perform(shard, asked))
  if (call.kind === 'close') port.close()
}

async function perform(shard: Shard, call: ShardCall) {
  switch (call.kind) {
    case 'open':
      return { status: await shard.open(call.featureCount, call.quantiser) }
    case 'add':
      return { status: await shard.add(unpackRows(call)) }
    case 'remove':
      return { status: await shard.remove(call.referenceIds) }
    case 'setTags':
      return { status: await shard.setTags(call.changes) }
    case 'search':
      return { answer: await shard.search(call.query) }
    case 'close':
      await shard.close()
      return { closed: true as const }
  }
}
