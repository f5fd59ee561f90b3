import { Option, type Command } from 'commander'
import { invalid } from '../../domain/errors.js'
import type { EvaluateOptions, FaceEvaluateOptions } from '../dependencies.js'
import { runEvaluation, withReportFiles, type ReportFileOptions } from '../evaluation.js'
import type { Session } from '../session.js'

/** `portcullis evaluate verification`: labelled comparisons. */
export function addEvaluateVerification(evaluate: Command, session: Session): void {
  const command = evaluate
    .command('verification')
    .description('1:1: false match and false non-match rates over labelled pairs')
    .addOption(new Option('--modality <modality>', 'what is compared').choices(['face', 'finger']).default('face'))
    .option('--pairs <file>', 'face: labelled pairs, in LFW’s format or CSV: a,b,mated[,group_a,group_b]')
    .option('--images <folder>', 'face: the folder that their paths are relative to')
    .option('--folder <folder>', 'finger: templates <finger>_<impression>.<ending>, every two compared once')
    .option('--cache <folder>', 'face: where templates are kept for the next run (default: in the data folder)')
    .option('--space <id>', 'face: template space')
    .option('--models <folder>', 'face: where the model weights lie')
    .option('--data <folder>', 'face: the data folder')
    .option('--workers <count>', 'face: threads that analyse images')
    .option('--config <file>', 'JSON file with settings')
  withReportFiles(command).action(async ({ out, progress, ...flags }: EvaluateFlags & ReportFileOptions) => {
    const options = chosen(flags)
    const unit = options.modality === 'face' ? 'images' : 'comparisons'
    await runEvaluation(session, { out, progress, unit }, (onProgress) =>
      session.deps.evaluateVerification(options, onProgress),
    )
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
