import type { Command } from 'commander'
import { constants } from 'node:fs'
import { access, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, extname } from 'node:path'
import type { EvaluationProgress, EvaluationReport, ReportFormat } from './dependencies.js'
import { CliError, systemCode } from './failure.js'
import { startProgress } from './progress.js'
import { collect, type Session } from './session.js'
import { EXIT } from './terminal.js'

export interface ReportFileOptions {
  readonly out: readonly string[] | undefined
  readonly progress: true | undefined
}

/** Adds where a report goes beside the terminal; the option has another name where --out means something else. */
export function withReportFiles(command: Command, option = '--out <file>'): Command {
  return command
    .option(option, 'write the report: .html with plots, .md or .json; repeatable', collect)
    .option('--progress', 'show progress although stderr is not a terminal')
}

/** Evaluates behind a progress bar, shows the report, and writes the files. */
export async function runEvaluation(
  session: Session,
  { out = [], progress, unit }: ReportFileOptions & { readonly unit: string },
  evaluate: (onProgress: EvaluationProgress) => Promise<EvaluationReport>,
): Promise<void> {
  const { terminal } = session
  const files = await Promise.all(out.map(checkFile)) // before the work: a wrong name must not cost it
  const bar = startProgress(terminal, progress === true, unit)
  const evaluation = await evaluate((done, total) => bar.update(done, total)).finally(() => bar.stop())
  for (const { path, format } of files) await write(path, await evaluation.render(format))
  if (session.json()) terminal.json(evaluation.json)
  else show(session, evaluation)
  session.finish(EXIT.ok)
}

function show({ terminal }: Session, { report }: EvaluationReport): void {
  terminal.line(report.title)
  terminal.line(report.lead)
  for (const { title, head, rows, notes } of report.tables) {
    terminal.line()
    terminal.line(title)
    terminal.table(head, rows)
    for (const note of notes) terminal.line(note)
  }
  terminal.line()
  for (const caveat of report.caveats) terminal.line(caveat)
}

const FORMATS: Readonly<Record<string, ReportFormat>> = {
  '.html': 'html',
  '.htm': 'html',
  '.md': 'md',
  '.json': 'json',
}

/** @throws CliError USAGE for another kind of file, OUTPUT_UNWRITABLE */
async function checkFile(path: string): Promise<{ readonly path: string; readonly format: ReportFormat }> {
  const format = FORMATS[extname(path).toLowerCase()]
  if (format === undefined) throw new CliError('USAGE', 'it must be an .html, .md or .json file', { field: '--out' })
  await access(dirname(path), constants.W_OK).catch(unwritable)
  return { path, format }
}

/** Whole or not at all. */
async function write(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.draft`
  try {
    await writeFile(draft, text)
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    unwritable(error)
  }
}

function unwritable(error: unknown): never {
  throw new CliError('OUTPUT_UNWRITABLE', `the report cannot be written (${systemCode(error)})`, { field: '--out' })
}
