import { lookup } from 'node:dns/promises'
import { BlockList } from 'node:net'
import { DomainError, invalid } from '../domain/errors.js'

/** Where to listen: a name or an address, and a port; port 0 takes a free one. */
export interface ListenAddress {
  readonly host: string
  readonly port: number
}

/** Addresses that only this machine reaches (RFC 1122, RFC 4291). */
const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/**
 * The address that is really listened on. The name is resolved before it is judged, and the judged address is the one
 * that is bound, so no entry in a hosts file can open the service.
 * @throws DomainError INVALID_ARGUMENT for an address that other machines reach, unless TLS is on
 */
export async function resolveAddress({ host, port }: ListenAddress, tls: boolean): Promise<ListenAddress> {
  if (host === '') throw invalid('host', 'a name or an address to listen on', 'nothing')
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw invalid('port', '0 to 65535', String(port))
  const { address, family } = await resolve(host)
  if (!tls && !LOOPBACK.check(address, family === 6 ? 'ipv6' : 'ipv4'))
    throw new DomainError(
      'INVALID_ARGUMENT',
      'a TLS certificate and key in order to listen where other machines reach the service',
      'neither: configure both, or listen on 127.0.0.1',
      { field: 'host' },
    )
  return { host: address, port }
}

async function resolve(host: string): Promise<{ address: string; family: number }> {
  try {
    return await lookup(host)
  } catch (cause) {
    throw new DomainError('INVALID_ARGUMENT', 'a name or an address of this machine', 'one that does not resolve', {
      field: 'host',
      cause,
    })
  }
}
