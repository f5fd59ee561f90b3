import { dirname, join, resolve } from 'node:path'
import type { PortcullisClient } from '../client.js'
import { readCsv } from '../enrol/read-csv.js'
import { readImage } from '../read-image.js'
import { formatTable } from '../table.js'
import { identifyProbe, ratesOf, type ProbeResult } from './probe.js'

/**
 * The least score of a candidate in the demonstration. Rendered faces look more alike to a recogniser than people do: different
 * ones score up to 0.6, the same ones 0.85 and more (samples/README.md). The service's default, which is measured on photographs of
 * people, would refer every stranger among them.
 */
const SCORE_MIN = 0.7

export interface FaceDemo {
  readonly probes: readonly ProbeResult[]
  readonly summary: string
}

/** Identifies every face of probes.csv, and shows each. */
export async function demoFaces(
  client: PortcullisClient,
  { galleryId, samplesFolder }: { readonly galleryId: string; readonly samplesFolder: string },
  print: (line: string) => void,
): Promise<FaceDemo> {
  const csv = join(samplesFolder, 'probes.csv')
  const probes: ProbeResult[] = []
  for await (const { cells } of readCsv(csv, ['image', 'subject_id'], [])) {
    const { image = '', subject_id: expectedSubjectId = '' } = cells
    const request = async () => {
      const data = await readImage(resolve(dirname(csv), image))
      return { probe: { data }, galleryIds: [galleryId], thresholdScore: SCORE_MIN }
    }
    probes.push(await identifyProbe(client, { sample: image, expectedSubjectId, request }))
  }
  const summary = summaryOf(probes)
  printProbes(probes, print)
  print(`Threshold ${SCORE_MIN}: rendered faces look more alike than people, for whom the default is measured.`)
  print(summary)
  return { probes, summary }
}

function summaryOf(probes: readonly ProbeResult[]): string {
  const { matedCount, rightFirstCount, strangerCount, referredStrangerCount } = ratesOf(probes)
  return (
    `${rightFirstCount} of ${matedCount} probes have the right subject first; ` +
    `${referredStrangerCount} of ${strangerCount} strangers were referred for review.`
  )
}

function printProbes(probes: readonly ProbeResult[], print: (line: string) => void): void {
  const lines = formatTable(
    ['probe', 'expected', 'outcome', 'rank 1', 'score', 'threshold', 'ms'],
    probes.map((probe) => [
      probe.sample,
      probe.expectedSubjectId || '(stranger)',
      probe.outcome,
      probe.firstSubjectId || '-',
      probe.firstScore?.toFixed(4) ?? '-',
      probe.thresholdScore?.toFixed(4) ?? '-',
      probe.durationMs.toFixed(0),
    ]),
  )
  lines.forEach(print)
}
