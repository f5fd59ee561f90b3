import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DomainError } from '../domain/errors.js'
import type { Logger } from '../domain/ports.js'
import { resolveAddress, type ListenAddress } from './address.js'

export interface MetricsEndpointSettings {
  /** Of this machine alone: the endpoint has no TLS and asks nobody who they are. */
  readonly address: ListenAddress
  readonly contentType: string
  readonly readMetrics: () => Promise<string>
  readonly logger: Logger
  /** How long a request may take to arrive, and its answer to be read; `PATIENCE_MS` unless said. */
  readonly patienceMs?: number
}

export interface MetricsEndpoint extends ListenAddress {
  /** Frees the port; a scrape under way is cut. */
  close(): Promise<void>
}

/** A scrape comes from this machine in one packet. */
const PATIENCE_MS = 5_000
/** Prometheus sends a few hundred bytes. */
const HEADER_BYTES_MAX = 8 * 1024
/** Two or three scrapers with one request each, and some room. */
const CONNECTIONS_MAX = 16

/**
 * `GET /metrics` over HTTP, and nothing else. One request a connection: scrapes are seconds apart, and nothing that a caller leaves
 * unread or unsent outlives its answer.
 * @throws DomainError INVALID_ARGUMENT for an address that other machines reach, UNAVAILABLE for one that is taken
 */
export async function startMetricsEndpoint(settings: MetricsEndpointSettings): Promise<MetricsEndpoint> {
  const { patienceMs = PATIENCE_MS } = settings
  const address = await resolveAddress(settings.address, false)
  const answer = answering(settings)
  const server = createServer(
    {
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: patienceMs,
      requestTimeout: patienceMs,
      connectionsCheckingInterval: patienceMs / 5, // so a slow request ends a fifth late at most
    },
    (request, response) => void answer(request, response),
  )
  server.maxConnections = CONNECTIONS_MAX
  server.setTimeout(2 * patienceMs) // of silence: after the request's own limit, for answers that nobody reads
  await listen(server, address)
  const { address: host, port } = server.address() as AddressInfo
  return { host, port, close: () => close(server) }
}

/** Scrapes at the same time share one text: however many ask, the service does the work of one. */
function answering({ readMetrics, contentType, logger }: MetricsEndpointSettings) {
  let reading: Promise<string> | null = null
  const read = () => (reading ??= readMetrics().finally(() => (reading = null)))

  const replyMetrics = async (response: ServerResponse): Promise<void> => {
    try {
      reply(response, 200, await read(), contentType)
    } catch (error) {
      logger.error({ error }, 'metrics could not be read')
      reply(response, 500, 'internal error\n')
    }
  }
  return async ({ method, url = '' }: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.setHeader('connection', 'close')
    if (url.split('?', 1)[0] !== '/metrics') reply(response, 404, 'not found\n')
    else if (method !== 'GET') reply(response.setHeader('allow', 'GET'), 405, 'only GET\n')
    else await replyMetrics(response)
  }
}

function reply(
  response: ServerResponse,
  status: number,
  text: string,
  contentType = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, { 'content-type': contentType, 'cache-control': 'no-store' }).end(text)
}

async function listen(server: Server, { host, port }: ListenAddress): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new DomainError('UNAVAILABLE', 'a free port for metrics', 'one that is taken', { cause })),
    )
    server.listen({ host, port }, resolve)
  })
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
