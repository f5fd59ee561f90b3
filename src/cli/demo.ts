import { dirname, join, resolve } from 'node:path'
import { performance } from 'node:perf_hooks'
import { PortcullisClient } from './client.js'
import { openConnection, type ConnectionOptions } from './connection.js'
import { enrolSubjects } from './enrol/enrol-subjects.js'
import { planCsv } from './enrol/plan-csv.js'
import { readCsv } from './enrol/read-csv.js'
import { summaryOf, type EnrolReport } from './enrol/report.js'
import { sentence, toCliError } from './failure.js'
import { printable } from './printable.js'
import { readImage } from './read-image.js'
import { formatTable } from './table.js'

export interface DemoInput extends Omit<ConnectionOptions, 'server' | 'timeout'> {
  /** host:port of a service that has been started. */
  readonly address: string
  /** Holds subjects.csv and probes.csv with the images that they name. */
  readonly samplesFolder: string
  /** Takes one line at a time. */
  readonly print: (line: string) => void
  readonly timeout?: string
}

/** One probe: what was expected, and what the service said. */
export interface ProbeResult {
  readonly image: string
  /** '' for a stranger: nobody of the gallery. */
  readonly expectedSubjectId: string
  /** The service's outcome, or the sentence of a failure. */
  readonly outcome: string
  readonly firstSubjectId: string
  readonly firstScore: number | null
  readonly thresholdScore: number | null
  /** Of the call, as this client saw it. */
  readonly durationMs: number
}

export interface DemoResult {
  readonly enrolment: EnrolReport
  readonly probes: readonly ProbeResult[]
  readonly summary: string
}

const GALLERY_ID = 'samples'

/**
 * The least score of a candidate in the demonstration. Rendered faces look more alike to a recogniser than people do: different
 * ones score up to 0.6, the same ones 0.85 and more (samples/README.md). The service's default, which is measured on photographs of
 * people, would refer every stranger among them.
 */
const SCORE_MIN = 0.7

/**
 * Shows the service at work over a real connection: `gallery → enrol → identify → table`. It may be run again: what is
 * enrolled already stays. A sample that is refused is reported and does not end it.
 * @throws CliError when the service or the samples cannot be reached
 */
export async function demo({ address, samplesFolder, print, ...tls }: DemoInput): Promise<DemoResult> {
  const client = new PortcullisClient(await openConnection({ timeout: '60', ...tls, server: address }))
  try {
    await createGallery(client)
    const { subjects } = await planCsv(join(samplesFolder, 'subjects.csv'))
    const enrolment = await enrolSubjects(client, subjects, [GALLERY_ID])
    for (const { image, message } of enrolment.problems) print(printable(`${image}: ${message}`))
    print(summaryOf(enrolment))
    const probes = await identifyProbes(client, join(samplesFolder, 'probes.csv'))
    const summary = summaryOfProbes(probes)
    printProbes(probes, print)
    print(`Threshold ${SCORE_MIN}: rendered faces look more alike than people, for whom the default is measured.`)
    print(summary)
    suggest(samplesFolder, address, print)
    return { enrolment, probes, summary }
  } finally {
    client.close()
  }
}

async function createGallery(client: PortcullisClient): Promise<void> {
  const gallery = { galleryId: GALLERY_ID, owner: 'Portcullis', purpose: 'Demonstration with rendered faces of nobody' }
  await client.createGallery({ gallery }).catch((error: unknown) => {
    if (toCliError(error).reason !== 'GALLERY_EXISTS') throw error // it is there from an earlier run
  })
}

async function identifyProbes(client: PortcullisClient, csv: string): Promise<readonly ProbeResult[]> {
  const results: ProbeResult[] = []
  for await (const { cells } of readCsv(csv, ['image', 'subject_id'], []))
    results.push(await identifyProbe(client, dirname(csv), cells.image ?? '', cells.subject_id ?? ''))
  return results
}

async function identifyProbe(
  client: PortcullisClient,
  folder: string,
  image: string,
  expectedSubjectId: string,
): Promise<ProbeResult> {
  const startMs = performance.now()
  try {
    const data = await readImage(resolve(folder, image))
    const { outcome, candidates, threshold } = await client.identify({
      probe: { data },
      galleryIds: [GALLERY_ID],
      thresholdScore: SCORE_MIN,
    })
    const durationMs = performance.now() - startMs
    const first = candidates[0]
    return {
      image,
      expectedSubjectId,
      outcome,
      firstSubjectId: first?.subjectId ?? '',
      firstScore: first?.score ?? null,
      thresholdScore: threshold?.score ?? null,
      durationMs,
    }
  } catch (error) {
    const nothing = { firstSubjectId: '', firstScore: null, thresholdScore: null }
    return {
      image,
      expectedSubjectId,
      outcome: sentence(toCliError(error)),
      ...nothing,
      durationMs: performance.now() - startMs,
    }
  }
}

/** Correct means the right subject first; a stranger is correct when nobody is put forward. */
function summaryOfProbes(probes: readonly ProbeResult[]): string {
  const mated = probes.filter((probe) => probe.expectedSubjectId !== '')
  const strangers = probes.filter((probe) => probe.expectedSubjectId === '')
  const rightCount = mated.filter((probe) => probe.firstSubjectId === probe.expectedSubjectId).length
  const referredCount = strangers.filter((probe) => probe.outcome === 'REFER_FOR_REVIEW').length
  return (
    `${rightCount} of ${mated.length} probes have the right subject first; ` +
    `${referredCount} of ${strangers.length} strangers were referred for review.`
  )
}

function printProbes(probes: readonly ProbeResult[], print: (line: string) => void): void {
  const lines = formatTable(
    ['probe', 'expected', 'outcome', 'rank 1', 'score', 'threshold', 'ms'],
    probes.map((probe) => [
      probe.image,
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

function suggest(samplesFolder: string, address: string, print: (line: string) => void): void {
  print('Try next:')
  print(`  npx portcullis subject list --gallery ${GALLERY_ID} --server ${address}`)
  print(`  npx portcullis identify <your image> --gallery ${GALLERY_ID} --server ${address}`)
  print(
    `  npx portcullis verify ${printable(join(samplesFolder, '<a>'))} ${printable(join(samplesFolder, '<b>'))} --server ${address}`,
  )
}
