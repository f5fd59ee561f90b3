import { Option, type Command } from 'commander'
import { invalid } from '../../domain/errors.js'
import type { EvaluateOptions, FaceEvaluateOptions } from '../dependencies.js'
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
    .addOption(new Option('--modality <modality>', 'what is compared').choices(['face', 'finger']).default('face'))
    .option('--pairs <file>', 'face: labelled pairs of images')
    .option('--images <folder>', 'face: the folder that their paths are relative to')
    .option('--folder <folder>', 'finger: templates <finger>_<impression>.<ending>, every two compared once')
    .option('--space <id>', 'face: template space')
    .option('--models <folder>', 'face: where the model weights lie')
    .option('--workers <count>', 'face: threads that analyse images')
    .option('--config <file>', 'JSON file with settings')
    .option('--progress', 'show progress although stderr is not a terminal')
    .action(async ({ progress, ...flags }: EvaluateFlags & { progress?: true }) => {
      const { terminal, deps } = session
      const options = chosen(flags)
      const bar = startProgress(terminal, progress === true, options.modality === 'face' ? 'images' : 'comparisons')
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

interface EvaluateFlags extends Partial<Omit<FaceEvaluateOptions, 'modality'>> {
  readonly modality: 'face' | 'finger'
  readonly folder?: string
}

/** @throws DomainError INVALID_ARGUMENT for an option that the modality lacks */
function chosen({ modality, folder, pairs, images, ...common }: EvaluateFlags): EvaluateOptions {
  if (modality === 'finger') return { modality, folder: given(folder, 'folder') }
  return { ...common, modality, pairs: given(pairs, 'pairs'), images: given(images, 'images') }
}

function given(value: string | undefined, name: string): string {
  if (value === undefined) throw invalid(name, `the option --${name}`, 'none')
  return value
}
