import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { PortcullisClient } from './client.js'
import { openConnection, type ConnectionOptions } from './connection.js'
import { demoFaces, type FaceDemo } from './demo/faces.js'
import { readFingerProbes } from './demo/finger-list.js'
import { DEMO_READING, demoFingers, type FingerDemo } from './demo/fingers.js'
import { enrolSubjects } from './enrol/enrol-subjects.js'
import { planCsv } from './enrol/plan-csv.js'
import { summaryOf, type EnrolReport } from './enrol/report.js'
import { toCliError } from './failure.js'
import { printable } from './printable.js'

export interface DemoInput extends Omit<ConnectionOptions, 'server' | 'timeout'> {
  /** host:port of a service that has been started. */
  readonly address: string
  /**
   * Holds subjects.csv and probes.csv with the images that they name; fingers.csv and finger-probes.csv too, or neither.
   */
  readonly samplesFolder: string
  /** Takes one line at a time. */
  readonly print: (line: string) => void
  readonly timeout?: string
}

export interface DemoResult extends FaceDemo {
  readonly enrolment: EnrolReport
  /** Null where the samples have no fingers. */
  readonly fingerEnrolment: EnrolReport | null
  readonly fingers: readonly FingerDemo[]
}

const GALLERY_ID = 'samples'

/**
 * Shows the service at work over a real connection: `gallery → faces → fingers → faces and fingers`, each enrolled, then
 * identified. It may be run again: what is enrolled already stays. A sample that is refused is reported and does not end it.
 * @throws CliError when the service or the samples cannot be reached
 */
export async function demo({ address, samplesFolder, print, ...tls }: DemoInput): Promise<DemoResult> {
  const client = new PortcullisClient(await openConnection({ timeout: '60', ...tls, server: address }))
  try {
    await createGallery(client)
    const enrolment = await enrolList(client, join(samplesFolder, 'subjects.csv'), print)
    const faces = await demoFaces(client, { galleryId: GALLERY_ID, samplesFolder }, print)
    const fingers = await showFingers(client, samplesFolder, print)
    suggest(samplesFolder, address, print)
    return { enrolment, ...faces, ...fingers }
  } finally {
    client.close()
  }
}

async function createGallery(client: PortcullisClient): Promise<void> {
  const purpose = 'Demonstration with rendered faces and synthetic fingers of nobody'
  await client
    .createGallery({ gallery: { galleryId: GALLERY_ID, owner: 'Portcullis', purpose } })
    .catch((error: unknown) => {
      if (toCliError(error).reason !== 'GALLERY_EXISTS') throw error // it is there from an earlier run
    })
}

async function enrolList(client: PortcullisClient, csv: string, print: (line: string) => void): Promise<EnrolReport> {
  const { subjects } = await planCsv(csv)
  const report = await enrolSubjects(client, subjects, { galleryIds: [GALLERY_ID], fingerReading: DEMO_READING })
  for (const { image, message } of report.problems) print(printable(`${image}: ${message}`))
  print(summaryOf(report))
  return report
}

/** After the faces, so that their searches are those of faces alone. */
async function showFingers(
  client: PortcullisClient,
  samplesFolder: string,
  print: (line: string) => void,
): Promise<Pick<DemoResult, 'fingerEnrolment' | 'fingers'>> {
  const csv = join(samplesFolder, 'fingers.csv')
  if (!existsSync(csv)) return { fingerEnrolment: null, fingers: [] }
  print('Fingers of the same subjects:')
  const fingerEnrolment = await enrolList(client, csv, print)
  const probes = await readFingerProbes(samplesFolder)
  return { fingerEnrolment, fingers: await demoFingers(client, GALLERY_ID, probes, print) }
}

function suggest(samplesFolder: string, address: string, print: (line: string) => void): void {
  const sample = (path: string) => printable(join(samplesFolder, path))
  print('Try next:')
  print(`  npx portcullis subject list --gallery ${GALLERY_ID} --server ${address}`)
  print(`  npx portcullis identify <your image> --gallery ${GALLERY_ID} --server ${address}`)
  print(`  npx portcullis identify --finger <your template> --gallery ${GALLERY_ID} --server ${address}`)
  print(`  npx portcullis verify ${sample('<a>')} ${sample('<b>')} --server ${address}`)
}
