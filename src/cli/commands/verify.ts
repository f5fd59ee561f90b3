import type { Command } from 'commander'
import type { VerifyRequest } from '../../generated/portcullis/v1/VerifyRequest.js'
import type { VerificationDecision__Output } from '../../generated/portcullis/v1/VerificationDecision.js'
import type { VerifyResponse__Output } from '../../generated/portcullis/v1/VerifyResponse.js'
import type { ConnectionOptions } from '../connection.js'
import { CliError } from '../failure.js'
import { score } from '../numbers.js'
import { plain } from '../plain.js'
import { readImage } from '../read-image.js'
import { withClient, withConnection, type Session } from '../session.js'
import { printThreshold, printTimings } from '../show-identification.js'
import { EXIT, type Terminal } from '../terminal.js'

interface VerifyOptions extends ConnectionOptions {
  readonly subject?: string
  readonly threshold?: number
}

const MEANINGS: Record<VerificationDecision__Output, string> = {
  VERIFICATION_DECISION_UNSPECIFIED: 'a decision that this program does not know',
  MATCH: 'match: the score reaches the threshold',
  NON_MATCH: 'non-match: the score is below the threshold',
  UNDETERMINED: 'UNDETERMINED: a side has no usable face',
}

/** `portcullis verify`: two images, or an image and an enrolled subject (1:1). */
export function addVerify(program: Command, session: Session): void {
  withConnection(
    program.command('verify <image> [reference]').description('compare two images, or one with --subject (1:1)'),
    session,
  )
    .option('--subject <id>', 'compare with this enrolled subject instead of a second image')
    .option('--threshold <score>', 'least score of a match, -1 to 1 (default: the space’s measured one)', score)
    .addHelpText('after', '\nExit codes: 0 decided either way, 2 undetermined, 1 failed.')
    .action(async (image: string, reference: string | undefined, options: VerifyOptions) => {
      const request = await requestOf(image, reference, options)
      const response = await withClient(options, (client) => client.verify(request))
      if (session.json()) session.terminal.json(plain(response))
      else print(session.terminal, response)
      session.finish(response.decision === 'UNDETERMINED' ? EXIT.someRefused : EXIT.ok)
    })
}

async function requestOf(image: string, reference: string | undefined, options: VerifyOptions): Promise<VerifyRequest> {
  if ((reference === undefined) === (options.subject === undefined))
    throw new CliError('USAGE', 'give a second image or --subject, one of the two')
  const threshold = options.threshold === undefined ? {} : { thresholdScore: options.threshold }
  const probe = { data: await readImage(image) }
  return reference === undefined
    ? { probe, referenceSubjectId: options.subject as string, ...threshold }
    : { probe, referenceImage: { data: await readImage(reference) }, ...threshold }
}

function print(terminal: Terminal, response: VerifyResponse__Output): void {
  terminal.line(`Decision  ${MEANINGS[response.decision]}`)
  for (const reason of response.reasons) terminal.line(`          ${reason}`)
  if (response.score !== undefined) terminal.line(`Score     ${response.score.toFixed(4)}`)
  printThreshold(terminal, response.threshold)
  if (response.bestEncounterId !== '') terminal.line(`Encounter ${response.bestEncounterId}`)
  terminal.line(`Space     ${response.algorithm}`)
  printTimings(terminal, response.timings)
}
