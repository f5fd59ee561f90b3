import { connect, type ClientHttp2Stream } from 'node:http2'
import { connect as connectSocket, type Socket } from 'node:net'

/** A gRPC call made of bare HTTP/2, for what no gRPC client would send. */
export class RawCall {
  readonly #socket: Socket
  readonly #stream: ClientHttp2Stream
  /** The call's "grpc-status"; null when the connection ended without one. */
  readonly status: Promise<number | null>

  /** @param headers added to those of every gRPC call */
  constructor(port: number, path: string, headers: Readonly<Record<string, string>> = {}) {
    this.#socket = connectSocket(port, '127.0.0.1')
    const session = connect(`http://127.0.0.1:${port}`, { createConnection: () => this.#socket })
    session.on('error', () => undefined) // the status says it
    this.#stream = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...headers,
    })
    this.status = new Promise((resolve) => {
      const take = (received: Readonly<Record<string, unknown>>): void => {
        if (received['grpc-status'] !== undefined) resolve(Number(received['grpc-status']))
      }
      this.#stream.on('response', take) // a refusal may come without trailers of its own
      this.#stream.on('trailers', take)
      this.#stream.on('error', () => undefined)
      this.#stream.on('close', () => resolve(null))
      this.#stream.resume()
    })
  }

  send(bytes: Uint8Array): this {
    this.#stream.write(bytes)
    return this
  }

  /** No more bytes will come. */
  finish(): this {
    this.#stream.end()
    return this
  }

  /** Breaks the connection, in the middle of whatever was being sent. */
  close(): void {
    this.#socket.resetAndDestroy()
  }
}

/**
 * The five bytes before each gRPC message: compressed or not, and its length, big endian.
 * https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
export function frameHeader(messageBytes: number, compressed = false): Buffer {
  const header = Buffer.alloc(5)
  header.writeUInt8(compressed ? 1 : 0, 0)
  header.writeUInt32BE(messageBytes, 1)
  return header
}
