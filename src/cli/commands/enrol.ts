import type { Command } from 'commander'
import type { ConnectionOptions } from '../connection.js'
import { enrolSubjects } from '../enrol/enrol-subjects.js'
import { planEnrolment } from '../enrol/plan.js'
import { exitCodeOf, reportKind, summaryOf, writeReport, type EnrolReport } from '../enrol/report.js'
import { startProgress } from '../progress.js'
import { collect, withClient, withConnection, type Session } from '../session.js'

interface EnrolOptions extends ConnectionOptions {
  readonly gallery: readonly string[]
  readonly subject?: string
  readonly report?: string
  readonly progress?: true
}

/** Problems that are printed; the rest is in the report's file. */
const PROBLEMS_SHOWN_MAX = 50

const HELP = `
<path> is one of
  an image              its subject is --subject, or named for the file
  a folder              each sub-folder is a subject with its images, each image beside them its own subject
  a CSV                 header subject_id,external_id,display_name,image; a row for each image, paths relative to the CSV
Run it again whenever it was interrupted: what is there already is not enrolled twice.
Exit codes: 0 all images are enrolled, 2 some were refused (no face, several, poor quality), 1 some failed.`

/** `portcullis enrol`: subjects of interest from files. */
export function addEnrol(program: Command, session: Session): void {
  withConnection(program.command('enrol <path>').description('enrol an image, a folder or a CSV'), session)
    .requiredOption('--gallery <id>', 'gallery that the subjects shall be in; may be repeated', collect)
    .option('--subject <id>', 'subject of a single image')
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
  const { subjects, ignoredCount } = await planEnrolment(path, options.subject ?? null)
  if (ignoredCount > 0) terminal.note(`${ignoredCount} files are passed over: their names are not those of images`)
  const imageCount = subjects.reduce((count, subject) => count + subject.imagePaths.length, 0)
  return withClient(options, async (client) => {
    for (const galleryId of new Set(options.gallery)) await client.getGallery(galleryId) // once, not for each image
    const bar = startProgress(terminal, options.progress === true, 'images')
    let doneCount = 0
    try {
      return await enrolSubjects(client, subjects, options.gallery, () => bar.update(++doneCount, imageCount))
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
      ['subject', 'image', 'outcome', 'why'],
      shown.map(({ subjectId, image, outcome, message }) => [subjectId, image, outcome, message]),
    )
    const hiddenCount = report.problems.length - shown.length
    if (hiddenCount > 0) terminal.line(`${hiddenCount} more; get them all with --report <file>`)
  }
  terminal.line(summaryOf(report))
}
