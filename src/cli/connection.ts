import grpc from '@grpc/grpc-js'
import { readFile } from 'node:fs/promises'
import { LIMITS } from '../domain/limits.js'
import { CliError, systemCode } from './failure.js'

/** How to reach the service, as the command line says it. */
export interface ConnectionOptions {
  /** host:port */
  readonly server: string
  readonly tlsCa?: string
  readonly tlsCert?: string
  readonly tlsKey?: string
  /** Seconds that one call may take, as text. */
  readonly timeout: string
}

export interface Connection {
  readonly address: string
  readonly credentials: grpc.ChannelCredentials
  readonly timeoutMs: number
}

/** The largest answer is a page of subjects with their encounters; the commands ask for pages of 100. */
const RECEIVE_BYTES_MAX = 32 * 1024 * 1024

export const CHANNEL_OPTIONS: grpc.ChannelOptions = {
  'grpc.max_send_message_length': LIMITS.messageBytesMax,
  'grpc.max_receive_message_length': RECEIVE_BYTES_MAX,
}

/** @throws CliError USAGE or INPUT_UNREADABLE */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  return {
    address: checkAddress(options.server),
    credentials: await readCredentials(options),
    timeoutMs: checkTimeout(options.timeout) * 1000,
  }
}

/** The form that gRPC would otherwise take for a path or another scheme, and fail on with a riddle. */
function checkAddress(server: string): string {
  const port = Number(/^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):(\d{1,5})$/.exec(server)?.[1])
  if (!(port >= 1 && port <= 65_535))
    throw new CliError('USAGE', 'it must be host:port, as in 127.0.0.1:50051', { field: '--server' })
  return server
}

function checkTimeout(text: string): number {
  const seconds = Number(text)
  if (!(seconds >= 0.1 && seconds <= 3600))
    throw new CliError('USAGE', 'it must be seconds from 0.1 to 3600', { field: '--timeout' })
  return seconds
}

async function readCredentials({ tlsCa, tlsCert, tlsKey }: ConnectionOptions): Promise<grpc.ChannelCredentials> {
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    throw new CliError('USAGE', 'a certificate and its key belong together: give --tls-cert and --tls-key', {
      field: '--tls-cert',
    })
  if (tlsCa === undefined && tlsCert === undefined) return grpc.credentials.createInsecure()
  const [ca, key, cert] = await Promise.all([
    readPem('--tls-ca', tlsCa),
    readPem('--tls-key', tlsKey),
    readPem('--tls-cert', tlsCert),
  ])
  try {
    return grpc.credentials.createSsl(ca, key, cert)
  } catch {
    throw new CliError('INPUT_UNREADABLE', 'the TLS files do not hold PEM certificates and a matching key')
  }
}

async function readPem(flag: string, file: string | undefined): Promise<Buffer | null> {
  if (file === undefined) return null
  try {
    return await readFile(file)
  } catch (error) {
    throw new CliError('INPUT_UNREADABLE', `its file cannot be read (${systemCode(error)})`, { field: flag })
  }
}
