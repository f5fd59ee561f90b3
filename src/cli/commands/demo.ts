import type { Command } from 'commander'
import { join } from 'node:path'
import type { ConnectionOptions } from '../connection.js'
import { demo } from '../demo.js'
import { packageRoot } from '../package-root.js'
import { withConnection, type Session } from '../session.js'
import { EXIT } from '../terminal.js'

/** `portcullis demo`: the samples, enrolled and searched at a running service. */
export function addDemo(program: Command, session: Session): void {
  withConnection(program.command('demo').description('enrol the samples and search them at a running service'), session)
    .option('--samples <folder>', 'the samples’ folder', join(packageRoot(), 'samples'))
    .action(async ({ samples, ...connection }: ConnectionOptions & { samples: string }) => {
      const { terminal, json } = session
      const print = json() ? () => undefined : (line: string) => terminal.line(line)
      const result = await demo({ ...connection, address: connection.server, samplesFolder: samples, print })
      if (json()) terminal.json(result)
      session.finish(EXIT.ok)
    })
}
