import type { MessagePort } from 'node:worker_threads'
import type { FingerShard } from '../../domain/finger-shard.js'
import { answerCall } from './answer-call.js'
import type { FingerShardCall, FingerShardReply } from './finger-protocol.js'

/** The thread's side: answers calls in their order, one after the other. */
export function serveFingerShard<Prepared>(port: MessagePort, shard: FingerShard<Prepared>): void {
  let tail: Promise<void> = Promise.resolve()
  port.on('message', (call: FingerShardCall<Prepared>) => {
    tail = tail.then(async () => {
      await answerCall(port, call, (asked) => perform(shard, asked))
      if (call.kind === 'close') port.close()
    })
  })
}

async function perform<Prepared>(
  shard: FingerShard<Prepared>,
  call: FingerShardCall<Prepared>,
): Promise<FingerShardReply<Prepared>> {
  switch (call.kind) {
    case 'open':
      return { status: await shard.open() }
    case 'add':
      return { status: await shard.add(call.fingers) }
    case 'remove':
      return { status: await shard.remove(call.referenceIds) }
    case 'setTags':
      return { status: await shard.setTags(call.changes) }
    case 'prepare':
      return { prepared: await shard.prepare(call.minutiae) }
    case 'shortlist':
      return { shortlist: await shard.shortlist(call.probe, call.scope, call.countMax) }
    case 'compare':
      return { neighbours: await shard.compare(call.probe, call.referenceIds) }
    case 'close':
      await shard.close()
      return {}
  }
}
