import type { Command } from 'commander'
import type { ConnectionOptions } from '../connection.js'
import { plain } from '../plain.js'
import { withClient, withConnection, type Session } from '../session.js'
import { printMonitor } from '../show-monitor.js'
import { EXIT } from '../terminal.js'

interface MonitorOptions extends ConnectionOptions {
  readonly from?: string
  readonly to?: string
}

/** `portcullis gallery monitor`: false positives as predicted and as observed. */
export function addGalleryMonitor(gallery: Command, session: Session): void {
  withConnection(gallery.command('monitor <id>').description('false positives: predicted beside observed'), session)
    .option('--from <day>', 'first day, YYYY-MM-DD, UTC (default: 90 days up to the last one)')
    .option('--to <day>', 'last day (default: today)')
    .addHelpText('after', '\nOutcomes come from: portcullis search outcome')
    .action(async (galleryId: string, { from: fromDay = '', to: toDay = '', ...options }: MonitorOptions) => {
      const monitor = await withClient(options, (client) => client.galleryMonitor({ galleryId, fromDay, toDay }))
      if (session.json()) session.terminal.json(plain(monitor))
      else printMonitor(session.terminal, monitor)
      session.finish(EXIT.ok)
    })
}
