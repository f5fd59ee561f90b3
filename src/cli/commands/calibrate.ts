import { InvalidArgumentError, Option, type Command } from 'commander'
import { invalid } from '../../domain/errors.js'
import type { CalibrateOptions } from '../dependencies.js'
import { runEvaluation, withReportFiles } from '../evaluation.js'
import { wholeNumber } from '../numbers.js'
import type { Session } from '../session.js'

const HELP = `
Faces: --pairs with --images compares all images that the list names; --folder takes a sub-folder for each person.
Fingers: --folder takes templates <finger>_<impression>.<ending>.
The file lies beside the models unless --out names another place; the same command with the same data gives the same bytes.`

/** `portcullis calibrate`: what a score of a template space means, measured on people whose identity is known. */
export function addCalibrate(program: Command, session: Session): void {
  const command = program
    .command('calibrate')
    .description('measure what scores mean: false match rates, likelihood ratios and thresholds of searches')
    .addOption(new Option('--modality <modality>', 'what is compared').choices(['face', 'finger']).default('face'))
    .option('--pairs <file>', 'face: labelled pairs of images')
    .option('--images <folder>', 'face: the folder that their paths are relative to')
    .option('--folder <folder>', 'samples of known people')
    .option('--data-name <text>', 'what the data is (default: the name of the file or folder)', shortText)
    .option('--fmr <rate>', 'a false match rate that must be measured, not extrapolated', rate)
    .option('--margin <decades>', 'powers of ten by which your samples are harder than these: raises all FMR', decades)
    .option('--date <date>', 'YYYY-MM-DD, written into the file (default: the day of the newest input)')
    .addOption(new Option('--seed <number>', 'seed of the bootstrap').argParser(wholeNumber(0, 2 ** 31 - 1)).default(1))
    .option('--out <file>', 'where the calibration goes (default: beside the models)')
    .option('--space <id>', 'face: template space')
    .option('--models <folder>', 'face: where the model weights lie')
    .option('--workers <count>', 'face: threads that analyse images')
    .option('--config <file>', 'JSON file with settings')
    .addHelpText('after', HELP)
  withReportFiles(command, '--report <file>').action(
    async ({ progress, report: files, ...flags }: CalibrateFlags & CalibrateShown) => {
      const options = chosen(flags)
      const unit = options.modality === 'face' ? 'images' : 'comparisons'
      await runEvaluation(session, { out: files, progress, unit }, (onProgress) =>
        session.deps.calibrate(options, onProgress),
      )
    },
  )
}

interface CalibrateShown {
  readonly progress: true | undefined
  readonly report: readonly string[] | undefined
}

interface CalibrateFlags {
  readonly modality: 'face' | 'finger'
  readonly pairs?: string
  readonly images?: string
  readonly folder?: string
  readonly dataName?: string
  readonly fmr?: number
  readonly margin?: number
  readonly seed: number
  readonly date?: string
  readonly out?: string
  readonly space?: string
  readonly models?: string
  readonly workers?: string
  readonly config?: string
}

/** @throws DomainError INVALID_ARGUMENT unless the data is named in one way that the modality has */
function chosen({
  modality,
  pairs,
  images,
  folder,
  dataName,
  fmr,
  margin,
  ...common
}: CalibrateFlags): CalibrateOptions {
  const options = {
    ...common,
    ...(dataName === undefined ? {} : { description: dataName }),
    ...(fmr === undefined ? {} : { lowestFmr: fmr }),
    ...(margin === undefined ? {} : { marginDecades: margin }),
  }
  if (folder !== undefined && pairs !== undefined) throw invalid('folder', '--pairs or --folder', 'both')
  if (folder !== undefined) return { ...options, modality, folder }
  if (modality === 'finger') throw invalid('folder', 'the option --folder', 'none')
  if (pairs === undefined) throw invalid('pairs', '--pairs with --images, or --folder', 'none')
  if (images === undefined) throw invalid('images', 'the option --images', 'none')
  return { ...options, modality, pairs, images }
}

function rate(text: string): number {
  const value = Number(text)
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('It must be a rate over 0 and under 1.')
  return value
}

/** Three powers of ten are as much as any calibration has to tell. */
function decades(text: string): number {
  const value = Number(text)
  if (!(value > 0 && value <= 3)) throw new InvalidArgumentError('It must be a number over 0 and up to 3.')
  return value
}

/** It is written into the file's command: quotes would end it. */
function shortText(text: string): string {
  if (!/^[^"\p{Cc}]{1,200}$/u.test(text))
    throw new InvalidArgumentError('It must be a line of 1 to 200 characters without double quotes.')
  return text
}
