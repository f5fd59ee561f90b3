import { writeFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { CliError, systemCode } from '../failure.js'
import { EXIT, type ExitCode } from '../terminal.js'

/**
 * What became of one sample, a face image or a fingerprint.
 * - `enrolled`: durable now; `already-there`: enrolled by an earlier run or another path to the same bytes;
 * - `refused`: no face, several, no finger, or not good enough; `failed`: everything else;
 * - `not-tried`: the service went away before its turn.
 */
export type ImageOutcome = 'enrolled' | 'already-there' | 'refused' | 'failed' | 'not-tried'

/** A sample that is not enrolled, and why. */
export interface Problem {
  readonly subjectId: string
  readonly image: string
  readonly outcome: Exclude<ImageOutcome, 'enrolled' | 'already-there'>
  /** An `ErrorCode` of the service or a reason of this program. */
  readonly reason: string
  readonly message: string
}

export interface EnrolReport {
  readonly subjectCount: number
  /** Subjects with no sample enrolled, now or earlier: no search can find them. */
  readonly subjectsWithoutImageCount: number
  readonly counts: Readonly<Record<ImageOutcome, number>>
  readonly problems: readonly Problem[]
}

/** 0 when every sample is enrolled, 2 when some were refused, 1 for everything else. */
export function exitCodeOf({ counts }: EnrolReport): ExitCode {
  if (counts.failed + counts['not-tried'] > 0) return EXIT.failed
  return counts.refused > 0 ? EXIT.someRefused : EXIT.ok
}

export function summaryOf({ subjectCount, subjectsWithoutImageCount, counts }: EnrolReport): string {
  const parts = [
    `${counts.enrolled} enrolled now`,
    `${counts['already-there']} already there`,
    `${counts.refused} refused`,
    `${counts.failed} failed`,
  ]
  if (counts['not-tried'] > 0) parts.push(`${counts['not-tried']} not tried`)
  const missing =
    subjectsWithoutImageCount > 0 ? `; ${subjectsWithoutImageCount} of them cannot be found by a search` : ''
  return `Samples: ${parts.join(', ')}. Subjects: ${subjectCount}${missing}.`
}

/** @throws CliError USAGE for another kind of file, OUTPUT_UNWRITABLE */
export async function writeReport(file: string, report: EnrolReport): Promise<void> {
  try {
    await writeFile(file, reportText(reportKind(file), report), { mode: 0o600 })
  } catch (error) {
    throw new CliError('OUTPUT_UNWRITABLE', `the report cannot be written (${systemCode(error)})`, {
      field: '--report',
    })
  }
}

/** Asked before the work begins, so that a wrong name does not cost the report. */
export function reportKind(file: string): 'csv' | 'json' {
  const kind = extname(file).toLowerCase()
  if (kind === '.csv') return 'csv'
  if (kind === '.json') return 'json'
  throw new CliError('USAGE', 'the report must be a .csv or a .json file', { field: '--report' })
}

function reportText(kind: 'csv' | 'json', report: EnrolReport): string {
  if (kind === 'json') return `${JSON.stringify(report, null, 2)}\n`
  const rows = report.problems.map((problem) => [
    problem.subjectId,
    problem.image,
    problem.outcome,
    problem.reason,
    problem.message,
  ])
  return [['subject_id', 'image', 'outcome', 'reason', 'message'], ...rows].map(csvLine).join('')
}

/** RFC 4180, every cell quoted; an apostrophe keeps spreadsheets from running a cell that looks like a formula. */
function csvLine(cells: readonly string[]): string {
  const quoted = cells.map((cell) => `"${(/^[=+\-@\t]/.test(cell) ? `'${cell}` : cell).replaceAll('"', '""')}"`)
  return `${quoted.join(',')}\r\n`
}
