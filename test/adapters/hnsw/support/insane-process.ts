// A graph's process that has lost its mind. Which way is said by the environment.
import { Socket } from 'node:net'
import { FrameReader, frame } from '../../../../src/adapters/hnsw/frames.js'
import { decodeCommand, encodeReply } from '../../../../src/adapters/hnsw/protocol.js'

const manner = process.env.TEST_INSANITY ?? ''
const pipe = new Socket({ fd: 3 })
const reader = new FrameReader()
pipe.on('close', () => process.exit(0))

const reply = (call: number, value: unknown): boolean => pipe.write(encodeReply({ call, value }))
const sane = {
  open: { snapshotAtMs: null, nodeCount: 0, removedCount: 0 },
  held: { referenceIds: [] },
  add: { lost: [], nodeCount: 12, removedCount: 0 },
  ping: {},
}
const search: Readonly<Record<string, unknown>> = {
  'unknown ids': { neighbours: [{ referenceId: 4711, score: 0.9 }] },
  'a fraction for an id': { neighbours: [{ referenceId: 1.5, score: 0.9 }] },
  'no score': { neighbours: [{ referenceId: 1, score: null }] },
  'a score of five': { neighbours: [{ referenceId: 1, score: 5 }] },
  'the worst first': {
    neighbours: [
      { referenceId: 1, score: 0.1 },
      { referenceId: 2, score: 0.9 },
    ],
  },
  'one twice': {
    neighbours: [
      { referenceId: 1, score: 0.9 },
      { referenceId: 1, score: 0.9 },
    ],
  },
  'no list': { neighbours: 'nobody' },
  nothing: null,
}

function answerSearch(call: number): void {
  if (manner === 'bytes without sense') pipe.write(Buffer.alloc(64, 0x41))
  else if (manner === 'an endless message') pipe.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 1, 2, 3]))
  else if (manner === 'no JSON') pipe.write(frame(Buffer.from('{"call":')))
  else if (manner === 'another call') reply(call + 1000, {})
  else if (manner === 'a closed pipe') pipe.destroy()
  else if (manner === 'an abort') process.abort()
  else reply(call, search[manner])
}

pipe.on('data', (chunk: Buffer) => {
  for (const { call, kind } of reader.push(chunk).map(decodeCommand))
    if (kind === 'search') answerSearch(call)
    else reply(call, (sane as Record<string, unknown>)[kind])
})
