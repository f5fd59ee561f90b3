import type { Command } from 'commander'
import type { FingerPosition } from '../../domain/finger.js'
import type { ConnectionOptions } from '../connection.js'
import { enrolSubjects } from '../enrol/enrol-subjects.js'
import { planEnrolment } from '../enrol/plan.js'
import { exitCodeOf, reportKind, summaryOf, writeReport, type EnrolReport } from '../enrol/report.js'
import { readingOf, withFingerReading, type FingerReadingOptions } from '../fingers/options.js'
import { positionOption } from '../fingers/positions.js'
import { startProgress } from '../progress.js'
import { collect, withClient, withConnection, type Session } from '../session.js'

interface EnrolOptions extends ConnectionOptions, FingerReadingOptions {
  readonly gallery: readonly string[]
  readonly subject?: string
  readonly finger?: FingerPosition
  readonly report?: string
  readonly progress?: true
}

/** Problems that are printed; the rest is in the report's file. */
const PROBLEMS_SHOWN_MAX = 50

const HELP = `
<path> is one of
  a file                a face image, or a fingerprint (below); its subject is --subject, or named for the file
  a folder              each sub-folder is a subject with its files; a file beside them belongs to whom it is named for
  a CSV                 header subject_id,external_id,display_name,image,finger; a row for each file, paths relative to the
                        CSV; a row with a finger is a fingerprint; only subject_id and image are required
A file is taken for a fingerprint
  by its name           right-index.fmr, right-index_2.png, finger-right-index.tif; beside sub-folders QDi.1_right-index.fmr
  by its kind           .fmr .fmd .iso .ansi (templates with a header of their own), .wsq .bmp (images); the finger is then
                        what the template says, or unknown, which is compared with all
Fingers: right-thumb, right-index, right-middle, right-ring, right-little, and left-… likewise.
All others of .jpg .png .webp .tif are face images. Run it again whenever it was interrupted: what is there already is not
enrolled twice.
Exit codes: 0 all are enrolled, 2 some were refused (no face, several, no finger, poor quality), 1 some failed.`

/** `portcullis enrol`: subjects of interest from files. */
export function addEnrol(program: Command, session: Session): void {
  const command = program.command('enrol <path>').description('enrol a face image, a fingerprint, a folder or a CSV')
  withFingerReading(withConnection(command, session))
    .requiredOption('--gallery <id>', 'gallery that the subjects shall be in; may be repeated', collect)
    .option('--subject <id>', 'subject of a single file')
    .option('--finger <position>', 'a single file is a fingerprint of this finger, or unknown', positionOption)
    .option('--report <file>', 'write what is not enrolled, and why, as .csv or .json')
    .option('--progress', 'show progress although stderr is not a terminal')
    .addHelpText('after', HELP)
    .action(async (path: string, options: EnrolOptions) => {
      const report = await enrol(session, path, options)
      if (options.report !== undefined) await writeReport(options.report, report)
      show(session, report, options.report)
      session.finish(exitCodeOf(report))
    })
}

async function enrol({ terminal }: Session, path: string, options: EnrolOptions): Promise<EnrolReport> {
  if (options.report !== undefined) reportKind(options.report)
  const { subjects, ignoredCount } = await planEnrolment(path, {
    subjectId: options.subject ?? null,
    finger: options.finger ?? null,
  })
  if (ignoredCount > 0) terminal.note(`${ignoredCount} files are passed over: their names are not those of samples`)
  const sampleCount = subjects.reduce((count, { samples }) => count + samples.length, 0)
  return withClient(options, async (client) => {
    for (const galleryId of new Set(options.gallery)) await client.getGallery(galleryId) // once, not for each sample
    const bar = startProgress(terminal, options.progress === true, 'samples')
    let doneCount = 0
    try {
      return await enrolSubjects(client, subjects, {
        galleryIds: options.gallery,
        fingerReading: readingOf(options),
        onSample: () => bar.update(++doneCount, sampleCount),
      })
    } finally {
      bar.stop()
    }
  })
}

function show({ terminal, json }: Session, report: EnrolReport, file: string | undefined): void {
  if (json()) {
    terminal.json(report)
    return
  }
  if (file === undefined && report.problems.length > 0) {
    const shown = report.problems.slice(0, PROBLEMS_SHOWN_MAX)
    terminal.table(
      ['subject', 'sample', 'outcome', 'why'],
      shown.map(({ subjectId, image, outcome, message }) => [subjectId, image, outcome, message]),
    )
    const hiddenCount = report.problems.length - shown.length
    if (hiddenCount > 0) terminal.line(`${hiddenCount} more; get them all with --report <file>`)
  }
  terminal.line(summaryOf(report))
}
