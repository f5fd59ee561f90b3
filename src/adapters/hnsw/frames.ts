/**
 * Messages on a pipe: four bytes of length (little endian), then the message.
 *
 * Not Node's own channel between processes: a process of corrupt memory may write anything, and there a few wrong bytes are an
 * exception that nobody can catch in the process that reads them (Node 20, both kinds of serialisation).
 */
const PREFIX_BYTES = 4
/** The largest message: 256 references of 4,096 features. */
export const MESSAGE_BYTES_MAX = 8 * 1024 * 1024

export function frame(message: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(PREFIX_BYTES + message.length)
  framed.writeUInt32LE(message.length)
  framed.set(message, PREFIX_BYTES)
  return framed
}

/** Cuts what a pipe delivers into messages. */
export class FrameReader {
  #chunks: Buffer[] = []
  #length = 0

  /** @throws RangeError when what came cannot be messages; the reader is then of no further use */
  push(chunk: Buffer): readonly Buffer[] {
    this.#chunks.push(chunk)
    this.#length += chunk.length
    const messages: Buffer[] = []
    for (let message = this.#next(); message !== null; message = this.#next()) messages.push(message)
    return messages
  }

  #next(): Buffer | null {
    if (this.#length < PREFIX_BYTES) return null
    const first = this.#chunks[0]!
    const end = PREFIX_BYTES + (first.length >= PREFIX_BYTES ? first : this.#joined()).readUInt32LE()
    if (end > PREFIX_BYTES + MESSAGE_BYTES_MAX) throw new RangeError('a message that is too long')
    if (this.#length < end) return null
    const all = this.#joined()
    this.#chunks = end === all.length ? [] : [all.subarray(end)]
    this.#length -= end
    return all.subarray(PREFIX_BYTES, end)
  }

  #joined(): Buffer {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)]
    return this.#chunks[0]!
  }
}
