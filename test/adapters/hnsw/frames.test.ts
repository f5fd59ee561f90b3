import { expect } from 'chai'
import { frame, FrameReader, MESSAGE_BYTES_MAX } from '../../../src/adapters/hnsw/frames.js'
import { mulberry32 } from '../../support/random-vectors.js'

// Goal: a pipe may cut anywhere, and a process of corrupt memory may write anything.
describe('FrameReader', () => {
  it('gives back the messages however the pipe cuts them', () => {
    const random = mulberry32(1)
    const messages = [0, 1, 3, 4, 5, 1000, 70_000].map((length) => Buffer.alloc(length, length))
    const bytes = Buffer.concat(messages.map(frame))
    for (let n = 0; n < 100; n++) {
      const reader = new FrameReader()
      const read: Buffer[] = []
      for (let at = 0; at < bytes.length;) {
        const end = at + 1 + Math.floor(random() ** 8 * bytes.length)
        read.push(...reader.push(bytes.subarray(at, end)))
        at = end
      }
      expect(read.length).to.equal(messages.length)
      read.forEach((message, i) => expect(message.equals(messages[i]!)).to.equal(true))
    }
  })

  it('refuses a message that is too long before it comes', () => {
    const prefix = Buffer.alloc(4)
    prefix.writeUInt32LE(MESSAGE_BYTES_MAX + 1)
    expect(() => new FrameReader().push(prefix)).to.throw(RangeError)
    prefix.writeUInt32LE(MESSAGE_BYTES_MAX)
    expect(new FrameReader().push(prefix)).to.deep.equal([])
  })
})
