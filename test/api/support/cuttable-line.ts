import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** A line between a client and the service that a test can cut, as a pulled cable would. */
export class CuttableLine {
  readonly port: number
  readonly #server: Server
  readonly #sockets: Socket[]

  private constructor(server: Server, sockets: Socket[]) {
    this.port = (server.address() as AddressInfo).port
    this.#server = server
    this.#sockets = sockets
  }

  static async to(servicePort: number): Promise<CuttableLine> {
    const sockets: Socket[] = []
    const server = createServer((near) => {
      const far = connect(servicePort, '127.0.0.1')
      sockets.push(near, far)
      for (const socket of [near, far]) socket.on('error', () => undefined)
      near.pipe(far)
      far.pipe(near)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new CuttableLine(server, sockets)
  }

  /** Resets both ends and takes no more connections. */
  cut(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }
}
