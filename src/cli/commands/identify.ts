import { Option, type Command } from 'commander'
import { MULTI_FACE_POLICIES, type MultiFacePolicy } from '../../domain/gallery.js'
import { LIMITS } from '../../domain/limits.js'
import { SEARCH_MODE_WISHES, type SearchModeWish } from '../../domain/search.js'
import type { ConnectionOptions } from '../connection.js'
import { score, wholeNumber } from '../numbers.js'
import { plain } from '../plain.js'
import { MULTI_FACE } from '../policy-words.js'
import { readImage } from '../read-image.js'
import { SEARCH_MODE } from '../search-words.js'
import { collect, withClient, withConnection, type Session } from '../session.js'
import { printIdentification } from '../show-identification.js'
import { EXIT } from '../terminal.js'

interface IdentifyOptions extends ConnectionOptions {
  readonly gallery: readonly string[]
  readonly threshold?: number
  readonly max?: number
  readonly faces?: MultiFacePolicy
  readonly mode: SearchModeWish
  readonly retainProbe?: true
}

/** `portcullis identify`: one probe against galleries (1:N). */
export function addIdentify(program: Command, session: Session): void {
  withConnection(
    program.command('identify <image>').description('search galleries for the face in an image (1:N)'),
    session,
  )
    .requiredOption('--gallery <id>', 'gallery to search; may be repeated', collect)
    .option('--threshold <score>', 'least score of a candidate, -1 to 1 (default: the space’s measured one)', score)
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
    .addHelpText('after', '\nExit codes: 0 the galleries were searched, 2 the probe has no usable face, 1 failed.')
    .action(async (path: string, options: IdentifyOptions) => {
      const request = requestOf(await readImage(path), options)
      const response = await withClient(options, (client) => client.identify(request))
      if (session.json()) session.terminal.json(plain(response))
      else printIdentification(session.terminal, response)
      session.finish(response.outcome === 'INCONCLUSIVE' ? EXIT.someRefused : EXIT.ok)
    })
}

function requestOf(image: Buffer, { gallery, threshold, max, faces, mode, retainProbe }: IdentifyOptions) {
  return {
    probe: { data: image },
    galleryIds: [...gallery],
    ...(threshold === undefined ? {} : { thresholdScore: threshold }),
    candidateCountMax: max ?? 0,
    ...(faces === undefined ? {} : { multiFace: MULTI_FACE[faces] }),
    retainProbe: retainProbe ?? false,
    searchMode: SEARCH_MODE[mode],
  }
}
