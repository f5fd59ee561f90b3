import type { Command } from 'commander'
import type { FingerImage } from '../../domain/extractor.js'
import type { CheckResult, ConformanceReport } from '../../services/extractor/conformance.js'
import { sniffFingerImage } from '../../services/extractor/sniff-finger-image.js'
import { CliError } from '../failure.js'
import { wholeNumber } from '../numbers.js'
import { readImage } from '../read-image.js'
import type { Session } from '../session.js'
import { EXIT, type Terminal } from '../terminal.js'

interface TestOptions {
  readonly image?: string
  readonly dpi?: number
}

/** The resolutions that every extractor must look at; see docs/extractors.md. */
const [DPI_MIN, DPI_MAX] = [100, 2_000]

/** `portcullis extractor`: fingerprint extractors of other makers. */
export function addExtractor(program: Command, session: Session): void {
  program
    .command('extractor')
    .description('fingerprint extractor plug-ins')
    .command('test')
    .description('test a plug-in against its contract, docs/extractors.md')
    .argument('<extractor>', 'grpc://host:port, host:port or the path of an .mjs file')
    .option('--image <file>', 'a real print (PNG, TIFF, BMP or WSQ) instead of a rendered one')
    .option('--dpi <number>', 'its resolution, if the file does not say it', wholeNumber(DPI_MIN, DPI_MAX))
    .addHelpText('after', '\nExit codes: 0 every mandatory check passed, 1 one failed.')
    .action(async (extractor: string, options: TestOptions) => {
      const { deps, terminal, json, finish } = session
      const print = await readPrint(options)
      const report = await deps.testExtractor({ extractor: withScheme(extractor), print })
      if (json()) terminal.json(report)
      else show(terminal, report)
      finish(report.isConformant ? EXIT.ok : EXIT.failed)
    })
}

/** Vendors know addresses as host:port. */
function withScheme(extractor: string): string {
  return /^[^/]+:\d+$/.test(extractor) ? `grpc://${extractor}` : extractor
}

async function readPrint({ image, dpi }: TestOptions): Promise<FingerImage | null> {
  if (image === undefined) {
    if (dpi !== undefined) throw new CliError('USAGE', 'it belongs to an image: give --image too', { field: '--dpi' })
    return null
  }
  const bytes = await readImage(image)
  const format = sniffFingerImage(bytes)
  if (format === null)
    throw new CliError('INPUT_UNREADABLE', 'the file is no PNG, TIFF, BMP or WSQ', { field: '--image' })
  const size = { widthPx: null, heightPx: null }
  return { format, bytes, ...size, resolutionDpi: dpi ?? null, position: 'unknown', impression: 0 }
}

function show(terminal: Terminal, { description, checks, isConformant }: ConformanceReport): void {
  if (description !== null) terminal.line(`Extractor  ${description.id} ${description.version}`)
  terminal.table(
    ['check', 'result', 'found', 'ms'],
    checks.map((check) => [check.name, resultOf(check), check.reason, String(check.durationMs)]),
  )
  const failed = checks.filter(({ outcome, isMandatory }) => outcome === 'failed' && isMandatory)
  terminal.line(isConformant ? 'Conformant.' : `NOT conformant: ${failed.length} mandatory check(s) failed.`)
}

function resultOf({ outcome, isMandatory }: CheckResult): string {
  return outcome === 'failed' && !isMandatory ? 'advice' : outcome
}
