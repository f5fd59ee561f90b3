import type { IdentifyRequest } from '../../generated/portcullis/v1/IdentifyRequest.js'
import type { PortcullisClient } from '../client.js'
import { readFinger, type FingerReading } from '../fingers/read-finger.js'
import { readImage } from '../read-image.js'
import { formatTable } from '../table.js'
import type { FingerProbe } from './finger-list.js'
import { identifyProbe, ratesOf, type ProbeResult, type Rates } from './probe.js'

/** The service's own default where it says 1 in 10,000: −log10 of that false match rate. */
const FINGER_SCORE_MIN = 4

/**
 * The least score of a candidate by face and finger together. The face's part is worth nothing here: rendered strangers reach
 * cosines whose false match rate, measured on photographs of people, is below 10^−6, so that a rendered face alone is
 * over the default. With this threshold a finger has to say about 10^−3 as well.
 */
const FACE_AND_FINGER_SCORE_MIN = 8

export const DEMO_READING: FingerReading = { resolutionDpi: null, lenient: false }

/** One row of the table: probes of one kind. */
export interface FingerDemo extends Rates {
  /** "right-index", "face + right-index". */
  readonly searchedBy: string
  readonly thresholdScore: number
  readonly probes: readonly ProbeResult[]
  /** The greatest score of a stranger with anybody of the gallery, whatever the threshold; null when none was searched. */
  readonly strangerScoreMax: number | null
}

/** Identifies by each finger alone, and by face and finger where both are of one visit; shows the rates. */
export async function demoFingers(
  client: PortcullisClient,
  galleryId: string,
  list: readonly FingerProbe[],
  print: (line: string) => void,
): Promise<readonly FingerDemo[]> {
  const search = { client, galleryId }
  const demos: FingerDemo[] = []
  for (const position of new Set(list.map((probe) => probe.position))) {
    const probes = list.filter((probe) => probe.position === position)
    demos.push(await demoKind(search, position, probes, FINGER_SCORE_MIN))
  }
  for (const position of new Set(list.flatMap((probe) => (probe.imagePath === null ? [] : [probe.position])))) {
    const probes = list.filter((probe) => probe.position === position && probe.imagePath !== null)
    demos.push(await demoKind(search, `face + ${position}`, probes, FACE_AND_FINGER_SCORE_MIN))
  }
  printRates(demos, print)
  return demos
}

interface Search {
  readonly client: PortcullisClient
  readonly galleryId: string
}

async function demoKind(
  search: Search,
  searchedBy: string,
  list: readonly FingerProbe[],
  thresholdScore: number,
): Promise<FingerDemo> {
  const withFace = searchedBy.startsWith('face')
  const probes: ProbeResult[] = []
  let strangerScoreMax: number | null = null
  for (const probe of list) {
    const identify = (scoreMin: number) =>
      identifyProbe(search.client, {
        sample: probe.template,
        expectedSubjectId: probe.subjectId,
        request: () => requestOf(probe, withFace, search.galleryId, scoreMin),
      })
    probes.push(await identify(thresholdScore))
    if (probe.subjectId !== '') continue
    const { firstScore } = await identify(0) // how near strangers come, which the threshold hides
    if (firstScore !== null) strangerScoreMax = Math.max(firstScore, strangerScoreMax ?? 0)
  }
  return { searchedBy, thresholdScore, ...ratesOf(probes), probes, strangerScoreMax }
}

async function requestOf(
  { templatePath, imagePath, position }: FingerProbe,
  withFace: boolean,
  galleryId: string,
  thresholdScore: number,
): Promise<IdentifyRequest> {
  const { sample } = await readFinger(templatePath, position, DEMO_READING)
  const face = withFace && imagePath !== null ? { probe: { data: await readImage(imagePath) } } : {}
  return { ...face, fingers: [sample], galleryIds: [galleryId], thresholdScore }
}

function printRates(demos: readonly FingerDemo[], print: (line: string) => void): void {
  const lines = formatTable(
    ['searched by', 'right first', 'strangers referred', 'best stranger', 'threshold', 'ms'],
    demos.map((demo) => [
      demo.searchedBy,
      `${demo.rightFirstCount} of ${demo.matedCount}`,
      `${demo.referredStrangerCount} of ${demo.strangerCount}`,
      demo.strangerScoreMax?.toFixed(1) ?? '-',
      demo.thresholdScore.toFixed(1),
      medianOf(demo.probes.map(({ durationMs }) => durationMs)).toFixed(0),
    ]),
  )
  lines.forEach(print)
  print('Scores are -log10 of a false match rate: 4 is 1 in 10,000, for synthetic minutiae and photographs of people.')
  print(
    `With a rendered face it is no rate: they look more alike than people, so the threshold is ${FACE_AND_FINGER_SCORE_MIN}.`,
  )
  print('Rendered faces and synthetic minutiae say nothing about accuracy on people.')
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
