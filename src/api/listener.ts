import { createServer, type AddressInfo, type Server as NetServer, type Socket } from 'node:net'
import type { ConnectionInjector } from '@grpc/grpc-js'
import { DomainError } from '../domain/errors.js'
import type { ListenAddress } from './address.js'

/** Connections at once. Every e-gate of a large airport holds one, and each costs about 100 kB. */
const CONNECTIONS_MAX = 1_024

export interface Listener extends ListenAddress {
  /** Takes no new connections. */
  stopListening(): void
  /** Cuts what is left: a peer that connected and never spoke gRPC is no connection that gRPC could end. */
  cutAll(): void
}

/**
 * Accepts connections and hands them to gRPC. grpc-js has no limit on connections of its own, which is why it does not
 * listen itself; one connection too many is closed at once.
 * @throws DomainError UNAVAILABLE when the address is taken or not this machine's
 */
export async function listen(address: ListenAddress, grpc: ConnectionInjector): Promise<Listener> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    grpc.injectConnection(socket)
  })
  server.maxConnections = CONNECTIONS_MAX
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new DomainError('UNAVAILABLE', 'an address that is free to listen on', 'one that is not', { cause })),
    )
    server.listen({ host: address.host, port: address.port }, resolve)
  })
  return {
    ...boundAddress(server),
    stopListening: () => server.close(),
    cutAll: () => sockets.forEach((socket) => socket.destroy()),
  }
}

/** Where the server listens, with the port that was chosen if port 0 was asked for. */
function boundAddress(server: NetServer): ListenAddress {
  const { address, port } = server.address() as AddressInfo
  return { host: address, port }
}
