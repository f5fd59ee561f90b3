import type { Command } from 'commander'
import { PortcullisClient } from './client.js'
import { openConnection, type ConnectionOptions } from './connection.js'
import type { CliDependencies } from './dependencies.js'
import type { ExitCode, Terminal } from './terminal.js'

/** What every command works with. */
export interface Session {
  readonly deps: CliDependencies
  readonly terminal: Terminal
  /** Whether `--json` was given; known once the command line is parsed. */
  readonly json: () => boolean
  readonly finish: (code: ExitCode) => void
}

/** The address of a service that was started without options. */
const DEFAULT_SERVER = '127.0.0.1:50051'

/** Adds the options of the commands that call a running service. */
export function withConnection(command: Command, { deps }: Session): Command {
  const { PORTCULLIS_SERVER: named = '' } = deps.environment
  return command
    .option(
      '--server <host:port>',
      'the running service (default also from PORTCULLIS_SERVER)',
      named === '' ? DEFAULT_SERVER : named,
    )
    .option('--tls-ca <file>', 'PEM file of the authority that signed the service’s certificate')
    .option('--tls-cert <file>', 'PEM file of this client’s certificate')
    .option('--tls-key <file>', 'PEM file of its key')
    .option('--timeout <seconds>', 'longest wait for one answer', '30')
}

/** Runs `work` with a client and closes it after. */
export async function withClient<Result>(
  options: ConnectionOptions,
  work: (client: PortcullisClient) => Promise<Result>,
): Promise<Result> {
  const client = new PortcullisClient(await openConnection(options))
  try {
    return await work(client)
  } finally {
    client.close()
  }
}

/** For options that may be repeated. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value]
}
