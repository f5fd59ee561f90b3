import type { Command } from 'commander'
import type { EvaluateOptions } from '../dependencies.js'
import { startProgress } from '../progress.js'
import type { Session } from '../session.js'
import { EXIT } from '../terminal.js'

/** `portcullis evaluate`: error rates of a template space, measured on the caller's own data. */
export function addEvaluate(program: Command, session: Session): void {
  program
    .command('evaluate')
    .description('measure error rates on your own data')
    .command('verification')
    .description('1:1: false match and false non-match rates over labelled pairs')
    .requiredOption('--pairs <file>', 'labelled pairs of images')
    .requiredOption('--images <folder>', 'the folder that their paths are relative to')
    .option('--space <id>', 'template space')
    .option('--models <folder>', 'where the model weights lie')
    .option('--workers <count>', 'threads that analyse images')
    .option('--config <file>', 'JSON file with settings')
    .option('--progress', 'show progress although stderr is not a terminal')
    .action(async ({ progress, ...options }: EvaluateOptions & { progress?: true }) => {
      const { terminal, deps } = session
      const bar = startProgress(terminal, progress === true, 'images')
      const report = await deps
        .evaluateVerification(options, (done, total) => bar.update(done, total))
        .finally(() => bar.stop())
      if (session.json()) terminal.json(report.json)
      else {
        terminal.line(report.title)
        terminal.table(['measure', 'value'], report.rows)
        for (const caveat of report.caveats) terminal.line(caveat)
      }
      session.finish(EXIT.ok)
    })
}
