import { Option, type Command } from 'commander'
import { MULTI_FACE_POLICIES, type MultiFacePolicy } from '../../domain/gallery.js'
import { LIMITS } from '../../domain/limits.js'
import { SEARCH_MODE_WISHES, type SearchModeWish } from '../../domain/search.js'
import type { IdentifyRequest } from '../../generated/portcullis/v1/IdentifyRequest.js'
import type { ConnectionOptions } from '../connection.js'
import { CliError } from '../failure.js'
import {
  collectFinger,
  readFingers,
  readingOf,
  withFingerReading,
  type FingerFile,
  type FingerReadingOptions,
} from '../fingers/options.js'
import { amount, rate, score, wholeNumber } from '../numbers.js'
import { plain } from '../plain.js'
import { MULTI_FACE } from '../policy-words.js'
import { readImage } from '../read-image.js'
import { SEARCH_MODE } from '../search-words.js'
import { collect, withClient, withConnection, type Session } from '../session.js'
import { printIdentification } from '../show-identification.js'
import { EXIT } from '../terminal.js'
import { thresholdWish, type ThresholdOptions } from '../threshold-wish.js'

interface IdentifyOptions extends ConnectionOptions, FingerReadingOptions, ThresholdOptions {
  readonly finger?: readonly FingerFile[]
  readonly gallery: readonly string[]
  readonly max?: number
  readonly faces?: MultiFacePolicy
  readonly mode: SearchModeWish
  readonly retainProbe?: true
}

const HELP = `
A finger's position: right-index, left-thumb … after the =, or the file's name says it (right-index_2.png), or the template.
Only the same fingers are compared; one of an unknown position is compared with all.
At most one of --threshold, --target-fpir, --alerts-per-day with --searches-per-day, and --investigate.
Exit codes: 0 the galleries were searched, 2 the probe has no usable face and no usable finger, 1 failed.`

/** `portcullis identify`: one probe against galleries (1:N). */
export function addIdentify(program: Command, session: Session): void {
  const command = program
    .command('identify [image]')
    .description('search galleries for the face in an image, for fingers, or for both together (1:N)')
  withFingerReading(withConnection(command, session))
    .requiredOption('--gallery <id>', 'gallery to search; may be repeated', collect)
    .option('--finger <file[=position]>', 'a fingerprint of the same person; may be repeated', collectFinger)
    .option(
      '--threshold <score>',
      'least score of a candidate: -1 to 1, with fingers -log10 of a false match rate, 0 to 100 (default: the measured one)',
      score,
    )
    .option(
      '--target-fpir <rate>',
      'share of searches of strangers that may have a candidate, 0.01: the threshold follows',
      rate,
    )
    .option('--alerts-per-day <count>', 'the same, as the false alerts that examiners can take …', amount)
    .option('--searches-per-day <count>', '… of so many searches', amount)
    .option('--investigate', 'no threshold: the most similar subjects whatever their scores')
    .option('--max <count>', 'longest candidate list', wholeNumber(1, LIMITS.candidatesMax))
    .addOption(
      new Option('--faces <policy>', 'when the image shows several; never laxer than the galleries’').choices(
        MULTI_FACE_POLICIES,
      ),
    )
    .addOption(
      new Option('--mode <mode>', 'how references are searched; hnsw alone may miss a listed person')
        .choices(SEARCH_MODE_WISHES)
        .default('auto'),
    )
    .option('--retain-probe', 'keep the probe where the galleries allow it')
    .addHelpText('after', HELP)
    .action(async (path: string | undefined, options: IdentifyOptions) => {
      const request = await requestOf(path, options)
      const response = await withClient(options, (client) => client.identify(request))
      if (session.json()) session.terminal.json(plain(response))
      else printIdentification(session.terminal, response)
      session.finish(response.outcome === 'INCONCLUSIVE' ? EXIT.someRefused : EXIT.ok)
    })
}

async function requestOf(image: string | undefined, options: IdentifyOptions): Promise<IdentifyRequest> {
  const { finger: files = [], gallery, max, faces, mode, retainProbe } = options
  if (image === undefined && files.length === 0) throw new CliError('USAGE', 'give a face image, --finger, or both')
  const wish = thresholdWish(options, files.length > 0)
  return {
    ...(image === undefined ? {} : { probe: { data: await readImage(image) } }),
    fingers: await readFingers(files, readingOf(options)),
    galleryIds: [...gallery],
    ...wish,
    candidateCountMax: max ?? 0,
    ...(faces === undefined ? {} : { multiFace: MULTI_FACE[faces] }),
    retainProbe: retainProbe ?? false,
    searchMode: SEARCH_MODE[mode],
  }
}
