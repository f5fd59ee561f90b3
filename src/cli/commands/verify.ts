import type { Command } from 'commander'
import type { VerifyRequest } from '../../generated/portcullis/v1/VerifyRequest.js'
import type { VerificationDecision__Output } from '../../generated/portcullis/v1/VerificationDecision.js'
import type { VerifyResponse__Output } from '../../generated/portcullis/v1/VerifyResponse.js'
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
import { partScores } from '../fingers/show-parts.js'
import { checkThreshold, score } from '../numbers.js'
import { plain } from '../plain.js'
import { readImage } from '../read-image.js'
import { withClient, withConnection, type Session } from '../session.js'
import { printTimings } from '../show-identification.js'
import { printThreshold, scoreText } from '../show-threshold.js'
import { EXIT, type Terminal } from '../terminal.js'

interface VerifyOptions extends ConnectionOptions, FingerReadingOptions {
  readonly finger?: readonly FingerFile[]
  readonly referenceFinger?: readonly FingerFile[]
  readonly subject?: string
  readonly threshold?: number
}

const MEANINGS: Record<VerificationDecision__Output, string> = {
  VERIFICATION_DECISION_UNSPECIFIED: 'a decision that this program does not know',
  MATCH: 'match: the score reaches the threshold',
  NON_MATCH: 'non-match: the score is below the threshold',
  UNDETERMINED: 'UNDETERMINED: the two sides have nothing usable in common',
}

const HELP = `
Each side is a face image, fingers, or both; a part that only one side has counts neither for nor against.
Exit codes: 0 decided either way, 2 undetermined, 1 failed.`

/** `portcullis verify`: samples and other samples, or samples and an enrolled subject (1:1). */
export function addVerify(program: Command, session: Session): void {
  const command = program
    .command('verify [image] [reference]')
    .description('compare two face images, fingers, or both, or one side with --subject (1:1)')
  withFingerReading(withConnection(command, session))
    .option('--subject <id>', 'compare with this enrolled subject instead of a second side')
    .option(
      '--finger <file[=position]>',
      'a fingerprint beside the image or instead of it; may be repeated',
      collectFinger,
    )
    .option('--reference-finger <file[=position]>', 'a fingerprint of the other side; may be repeated', collectFinger)
    .option(
      '--threshold <score>',
      'least score of a match: -1 to 1, with fingers -log10 of a false match rate, 0 to 100 (default: the measured one)',
      score,
    )
    .addHelpText('after', HELP)
    .action(async (image: string | undefined, reference: string | undefined, options: VerifyOptions) => {
      const request = await requestOf(image, reference, options)
      const response = await withClient(options, (client) => client.verify(request))
      if (session.json()) session.terminal.json(plain(response))
      else print(session.terminal, response)
      session.finish(response.decision === 'UNDETERMINED' ? EXIT.someRefused : EXIT.ok)
    })
}

async function requestOf(
  image: string | undefined,
  reference: string | undefined,
  options: VerifyOptions,
): Promise<VerifyRequest> {
  const { finger: files = [], referenceFinger: referenceFiles = [], subject } = options
  if (image === undefined && files.length === 0) throw new CliError('USAGE', 'give a face image, --finger, or both')
  if ((reference !== undefined || referenceFiles.length > 0) === (subject !== undefined))
    throw new CliError('USAGE', 'give the other side (a second image, --reference-finger, or both) or --subject')
  const thresholdScore = checkThreshold(options.threshold, files.length > 0)
  const reading = readingOf(options)
  return {
    ...(image === undefined ? {} : { probe: { data: await readImage(image) } }),
    fingers: await readFingers(files, reading),
    ...(subject === undefined ? {} : { referenceSubjectId: subject }),
    ...(reference === undefined ? {} : { referenceImage: { data: await readImage(reference) } }),
    referenceFingers: await readFingers(referenceFiles, reading),
    ...thresholdScore,
  }
}

function print(terminal: Terminal, response: VerifyResponse__Output): void {
  terminal.line(`Decision  ${MEANINGS[response.decision]}`)
  for (const reason of response.reasons) terminal.line(`          ${reason}`)
  if (response.score !== undefined) terminal.line(`Score     ${scoreText(response.score, response.threshold)}`)
  if (response.scores.length > 0) terminal.line(`Parts     ${partScores(response.scores)}`)
  printThreshold(terminal, response.threshold)
  if (response.bestEncounterId !== '') terminal.line(`Encounter ${response.bestEncounterId}`)
  terminal.line(`Space     ${response.algorithm}`)
  printTimings(terminal, response.timings)
}
