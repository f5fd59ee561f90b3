import { InvalidArgumentError, Option, type Command } from 'commander'
import type { IdentificationOptions } from '../dependencies.js'
import { runEvaluation, withReportFiles, type ReportFileOptions } from '../evaluation.js'
import { DISTRACTORS_MAX } from '../../services/evaluation/distractors.js'
import { wholeNumber } from '../numbers.js'
import type { Session } from '../session.js'

/** Seeds are 32 bits wide. */
const SEED_MAX = 2 ** 32 - 1

/** `portcullis evaluate identification`: an open-set 1:N experiment over a folder of people. */
export function addEvaluateIdentification(evaluate: Command, session: Session): void {
  const command = evaluate
    .command('identification')
    .description('1:N: misses at a false positive identification rate, over a folder whose sub-folders are people')
    .addOption(new Option('--modality <modality>', 'what is compared').choices(['face', 'finger']).default('face'))
    .requiredOption('--folder <folder>', '<person>/<image>; of fingers <person>/<finger>_<impression>.<ending>')
    .option('--seed <number>', 'who is enrolled, and by which sample', wholeNumber(0, SEED_MAX), 1)
    .option('--enrol-fraction <share>', 'share of the people who are enrolled; the others are strangers', share, 0.5)
    .option('--distractors <count>', 'face: made-up strangers who are enrolled too', wholeNumber(1, DISTRACTORS_MAX))
    .option('--groups <file>', 'CSV with the columns person,group: rates by group')
    .option('--cache <folder>', 'where templates are kept for the next run (default: in the data folder)')
    .option('--space <id>', 'face: template space')
    .option('--models <folder>', 'face: where the model weights lie')
    .option('--extractor <which>', 'finger: as the service has it')
    .option('--data <folder>', 'the data folder')
    .option('--workers <count>', 'threads that analyse images')
    .option('--config <file>', 'JSON file with settings')
  withReportFiles(command).action(async ({ out, progress, ...options }: IdentificationOptions & ReportFileOptions) =>
    runEvaluation(session, { out, progress, unit: 'samples and searches' }, (onProgress) =>
      session.deps.evaluateIdentification(options, onProgress),
    ),
  )
}

function share(text: string): number {
  const value = Number(text)
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('It must be a share between 0 and 1.')
  return value
}
