import { writeFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { Option, type Command } from 'commander'
import { FINGER_TEMPLATE_BYTES_MAX, type FingerReadOptions } from '../../domain/finger-codec.js'
import { FINGER_FORMATS, type FingerFormat, type FingerRecord } from '../../domain/finger.js'
import { CliError, systemCode } from '../failure.js'
import { wholeNumber } from '../numbers.js'
import { readFileUpTo } from '../read-file.js'
import type { Session } from '../session.js'
import { EXIT, type Terminal } from '../terminal.js'

interface ReadOptions {
  readonly from?: FingerFormat
  readonly lenient?: true
  readonly width?: number
  readonly height?: number
  readonly ppcm?: number
}

interface ConvertOptions extends ReadOptions {
  readonly to: FingerFormat
}

interface InspectOptions extends ReadOptions {
  readonly svg?: string
  readonly png?: string
}

/** The formats that are written; the others are only read. */
const TARGETS: readonly FingerFormat[] = ['iso-19794-2-2005', 'ansi-378-2004', 'xyt']

/** `portcullis template convert` and `inspect`: fingerprint templates on this machine; no service is called. */
export function addFingerTemplate(template: Command, session: Session): void {
  withReadOptions(template.command('convert <in> <out>').description('write a fingerprint template in another format'))
    .addOption(new Option('--to <format>', 'the format to write').choices(TARGETS).makeOptionMandatory())
    .action(async (from: string, to: string, options: ConvertOptions) => convert(session, from, to, options))
  withReadOptions(template.command('inspect <file>').description('show what a fingerprint template holds'))
    .option('--svg <file>', 'draw the minutiae; of several views "<file>-1.svg", "<file>-2.svg" and so on')
    .option('--png <file>', 'the same as a PNG image')
    .action(async (path: string, options: InspectOptions) => inspect(session, path, options))
}

function withReadOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--from <format>',
        'the format to read (default: told by the header; needed for card formats and xyt)',
      ).choices(FINGER_FORMATS),
    )
    .option('--lenient', 'read on, with a warning, past what real records get wrong')
    .option('--width <px>', 'width of the image (card formats and xyt)', wholeNumber(1, 0xffff))
    .option('--height <px>', 'height of the image (card formats and xyt)', wholeNumber(1, 0xffff))
    .option('--ppcm <count>', 'pixels per centimetre (card formats and xyt); 197 is 500 dpi', wholeNumber(99, 0xffff))
}

async function convert(session: Session, from: string, to: string, options: ConvertOptions): Promise<void> {
  const { formats } = session.deps.templates
  const { bytes, sourceFormat, warnings } = formats.convert(
    await readTemplate(from),
    readOptionsOf(options),
    options.to,
  )
  await writeOutput(to, bytes)
  if (session.json())
    session.terminal.json({ sourceFormat, targetFormat: options.to, byteCount: bytes.length, warnings })
  else {
    session.terminal.line(`Wrote ${bytes.length} bytes of ${options.to}, read from ${sourceFormat}.`)
    for (const warning of warnings) session.terminal.note(`warning: ${warning}`)
  }
  session.finish(EXIT.ok)
}

async function inspect(session: Session, path: string, options: InspectOptions): Promise<void> {
  const { formats, toPng } = session.deps.templates
  const { record, drawings } = formats.inspect(await readTemplate(path), readOptionsOf(options))
  for (const [i, drawing] of drawings.entries()) {
    if (options.svg !== undefined) await writeOutput(numbered(options.svg, i, drawings.length), drawing)
    if (options.png !== undefined) await writeOutput(numbered(options.png, i, drawings.length), await toPng(drawing))
  }
  if (session.json()) session.terminal.json(record)
  else print(session.terminal, record)
  session.finish(EXIT.ok)
}

function print(terminal: Terminal, { format, views, warnings }: FingerRecord): void {
  terminal.line(`Format  ${format}, ${views.length} ${views.length === 1 ? 'view' : 'views'}`)
  terminal.table(
    ['view', 'finger', 'number', 'impression', 'quality', 'image', 'minutiae'],
    views.map((view, i) => [
      String(i + 1),
      view.position,
      String(view.viewNumber),
      String(view.impression),
      view.quality === null ? 'not reported' : String(view.quality),
      `${view.widthPx} × ${view.heightPx} px, ${resolutionText(view)}`,
      String(view.minutiae.length),
    ]),
  )
  for (const warning of warnings) terminal.note(`warning: ${warning}`)
}

function resolutionText(view: FingerRecord['views'][number]): string {
  const { resolutionXPpcm, resolutionYPpcm } = view
  return resolutionXPpcm === resolutionYPpcm
    ? `${resolutionXPpcm} px/cm`
    : `${resolutionXPpcm} × ${resolutionYPpcm} px/cm`
}

async function readTemplate(path: string): Promise<Buffer> {
  return readFileUpTo(path, FINGER_TEMPLATE_BYTES_MAX, 'the template')
}

/** @throws CliError USAGE when only a part of the frame is given */
function readOptionsOf({ from, lenient, width, height, ppcm }: ReadOptions): FingerReadOptions {
  const given = [width, height, ppcm].filter((value) => value !== undefined).length
  if (given !== 0 && given !== 3) throw new CliError('USAGE', 'give --width, --height and --ppcm together')
  return {
    mode: lenient === true ? 'lenient' : 'strict',
    ...(from === undefined ? {} : { format: from }),
    ...(width === undefined || height === undefined || ppcm === undefined
      ? {}
      : { frame: { widthPx: width, heightPx: height, resolutionPpcm: ppcm } }),
  }
}

/** "prints.svg" → "prints-2.svg" for the second of several. */
function numbered(path: string, index: number, count: number): string {
  const extension = extname(path)
  return count === 1 ? path : `${path.slice(0, path.length - extension.length)}-${index + 1}${extension}`
}

async function writeOutput(path: string, content: Uint8Array | string): Promise<void> {
  try {
    await writeFile(path, content)
  } catch (error) {
    throw new CliError('OUTPUT_UNWRITABLE', `the output cannot be written (${systemCode(error)})`)
  }
}
