import type { Command } from 'commander'
import type { ConnectionOptions } from '../connection.js'
import { startProgress } from '../progress.js'
import { collect, withClient, withConnection, type Session } from '../session.js'
import { importTemplates, type ImportReport } from '../template-import/import-templates.js'
import { countLines } from '../template-import/read-lines.js'

interface ImportOptions extends ConnectionOptions {
  readonly gallery: readonly string[]
  readonly algorithm?: string
  readonly progress?: true
}

const HELP = `
<file> is JSON Lines, one template a line:
  {"subject_id": "QDi.001", "features": [0.01, -0.12, …], "algorithm": "ensemble@…",
   "external_id": "", "display_name": "", "attributes": {}, "encounter_id": "", "source": "", "captured_at": "2026-01-31T12:00:00Z"}
Only subject_id and the features are needed. "features_f32" may stand for "features": base64 of little-endian float32 values.
The features have norm 1 and are of the space that the service searches; --algorithm says so for lines that do not.
A line without encounter_id gets one that follows from subject and features: running it again enrols nothing twice.
Exit codes: 0 every line is enrolled, 2 some lines are wrong or were refused, 1 it failed.`

/** `portcullis template import`: templates that were extracted before, without their samples. */
export function addTemplateImport(template: Command, session: Session): void {
  withConnection(template.command('import <file>').description('enrol templates of a JSON Lines file'), session)
    .requiredOption('--gallery <id>', 'gallery that the subjects shall be in; may be repeated', collect)
    .option('--algorithm <space>', 'space of lines that name none (default: the one in use at the service)')
    .option('--progress', 'show progress although stderr is not a terminal')
    .addHelpText('after', HELP)
    .action(async (path: string, options: ImportOptions) => {
      const report = await run(session, path, options)
      show(session, report)
      session.finish(report.failedCount === 0 ? 0 : 2)
    })
}

async function run({ terminal }: Session, path: string, options: ImportOptions): Promise<ImportReport> {
  const lineCount = await countLines(path) // a file that cannot be read is not begun
  return withClient(options, async (client) => {
    const algorithm = options.algorithm ?? (await client.listModels()).algorithm
    const bar = startProgress(terminal, options.progress === true, 'templates')
    const onProgress = (doneCount: number) => bar.update(doneCount, Math.max(doneCount, lineCount))
    try {
      return await importTemplates(client, { path, galleryIds: options.gallery, algorithm, onProgress })
    } finally {
      bar.stop()
    }
  })
}

function show({ terminal, json }: Session, report: ImportReport): void {
  if (json()) {
    terminal.json(report)
    return
  }
  const { importedCount, alreadyThereCount, failedCount, failures } = report
  if (failures.length > 0)
    terminal.table(
      ['line', 'reason', 'why'],
      failures.map(({ line, reason, message }) => [String(line), reason, message]),
    )
  terminal.line(`Templates: ${importedCount} enrolled now, ${alreadyThereCount} already there, ${failedCount} failed.`)
}
