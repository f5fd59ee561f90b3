import type { Command } from 'commander'
import type { RunningService, ServeOptions } from '../dependencies.js'
import type { Session } from '../session.js'
import { EXIT, type Terminal } from '../terminal.js'

/** `portcullis serve`: the service, until SIGINT or SIGTERM. */
export function addServe(program: Command, session: Session): void {
  program
    .command('serve')
    .description('run the service until Ctrl-C or SIGTERM')
    .option('--host <host>', 'address to listen on (default 127.0.0.1)')
    .option('--port <port>', 'port to listen on (default 50051; 0 lets the system choose)')
    .option('--metrics-port <port>', 'GET /metrics for Prometheus on 127.0.0.1 (default off; 0 lets the system choose)')
    .option('--data <folder>', 'where the data file lies (default ./data)')
    .option('--tls-cert <file>', 'PEM file of the service’s certificate; needed beyond this machine')
    .option('--tls-key <file>', 'PEM file of its key')
    .option('--tls-client-ca <file>', 'PEM file of the authority whose clients are let in (mutual TLS)')
    .option('--models <folder>', 'where the model weights lie')
    .option('--space <id>', 'template space (default: the manifest’s first whose models are installed)')
    .option('--workers <count>', 'threads that analyse images (default: one per core)')
    .option('--extractor <which>', 'fingerprint extractor: builtin, grpc://host:port or an .mjs file (default builtin)')
    .option('--config <file>', 'JSON file with any of these settings')
    .option('--log-level <level>', 'fatal, error, warn, info, debug, trace or silent')
    .action(async (options: ServeOptions) => {
      const service = await session.deps.serve(options) // until it is up, Ctrl-C ends the process as ever
      const stopRequested = nextStopSignal()
      announce(session, service)
      await stopRequested
      session.terminal.note('stopping: calls under way are answered')
      await service.stop()
      session.finish(EXIT.ok)
    })
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once, as ever. */
export function nextStopSignal(): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      process.off('SIGINT', stop)
      process.off('SIGTERM', stop)
      resolve()
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
  })
}

/** host:port as clients take it. */
export function addressOf({ host, port }: RunningService): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** Where metrics are; nothing where there are none. */
export function metricsSentences({ metricsPort }: RunningService): readonly string[] {
  return metricsPort === null ? [] : [`Metrics are at http://127.0.0.1:${metricsPort}/metrics.`]
}

function announce({ terminal, json }: Session, service: RunningService): void {
  const { host, port, tls, metricsPort, algorithm } = service
  if (json()) {
    terminal.json({ host, port, tls, metricsPort, algorithm })
    return
  }
  const address = addressOf(service)
  terminal.line(`Portcullis answers at ${address} (${tls ? 'TLS' : 'plain text'}), template space ${algorithm}.`)
  for (const sentence of metricsSentences(service)) terminal.line(sentence)
  suggest(terminal, port === 50_051 ? '' : ` --server ${address}`)
}

function suggest(terminal: Terminal, server: string): void {
  terminal.line('Try next, in another terminal:')
  terminal.line(`  npx portcullis gallery create watch --owner "My authority" --purpose "Trial"${server}`)
  terminal.line(`  npx portcullis enrol <folder or CSV> --gallery watch${server}`)
  terminal.line(`  npx portcullis identify <image> --gallery watch${server}`)
  terminal.line('Stop with Ctrl-C.')
}
