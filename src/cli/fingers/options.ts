import { InvalidArgumentError, type Command } from 'commander'
import type { FingerPosition } from '../../domain/finger.js'
import type { FingerSample } from '../../generated/portcullis/v1/FingerSample.js'
import { wholeNumber } from '../numbers.js'
import { namedPosition } from './finger-names.js'
import { positionOf, POSITION_CHOICES } from './positions.js'
import { readFinger, type FingerReading } from './read-finger.js'

/** A fingerprint named on the command line. */
export interface FingerFile {
  readonly path: string
  readonly position: FingerPosition
}

export interface FingerReadingOptions {
  readonly dpi?: number
  readonly lenient?: true
}

/** Resolutions of scanners lie between 250 and 1000 dpi; the service has the last word. */
const DPI = { min: 50, max: 10_000 }

/** Adds what fingerprints are read with. */
export function withFingerReading(command: Command): Command {
  return command
    .option('--dpi <count>', 'resolution of fingerprint images that say none', wholeNumber(DPI.min, DPI.max))
    .option('--lenient', 'read fingerprint templates on past what real records get wrong')
}

export function readingOf({ dpi, lenient }: FingerReadingOptions): FingerReading {
  return { resolutionDpi: dpi ?? null, lenient: lenient ?? false }
}

/** Option parser of `<file>[=<position>]`, repeatable. Without a position the file's name may say it, else the file itself. */
export function collectFinger(text: string, before: readonly FingerFile[] | undefined): readonly FingerFile[] {
  return [...(before ?? []), fingerFile(text)]
}

function fingerFile(text: string): FingerFile {
  const at = text.lastIndexOf('=')
  if (at === -1) return { path: text, position: namedPosition(text) }
  const position = positionOf(text.slice(at + 1))
  if (position === null) throw new InvalidArgumentError(`After = it must be ${POSITION_CHOICES}.`)
  return { path: text.slice(0, at), position }
}

/** One after another: a few files, and what is wrong with the first is said first. */
export async function readFingers(files: readonly FingerFile[], reading: FingerReading): Promise<FingerSample[]> {
  const samples: FingerSample[] = []
  for (const { path, position } of files) samples.push((await readFinger(path, position, reading)).sample)
  return samples
}
