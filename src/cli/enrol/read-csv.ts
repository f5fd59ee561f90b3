import { parse, type CsvError } from 'csv-parse'
import { createReadStream } from 'node:fs'
import { CliError, systemCode } from '../failure.js'

export interface CsvRow {
  /** Of the file, from 1; the header is a line too. */
  readonly line: number
  readonly cells: Readonly<Record<string, string>>
}

/** Two paths and two texts of the longest legal kind, and room. */
const RECORD_CHARACTERS_MAX = 16_384

/**
 * The rows of a CSV (RFC 4180, UTF-8, a byte order mark is taken off), one at a time.
 * @throws CliError INPUT_UNREADABLE when the header lacks a required column or has an unknown one, or a row is malformed
 */
export async function* readCsv(
  path: string,
  required: readonly string[],
  optional: readonly string[],
): AsyncGenerator<CsvRow> {
  const parser = parse({
    bom: true,
    columns: (header: string[]) => checkHeader(header, required, optional),
    info: true,
    max_record_size: RECORD_CHARACTERS_MAX,
    skip_empty_lines: true,
    trim: true,
  })
  const source = createReadStream(path)
  source.on('error', (error) => parser.destroy(error))
  source.pipe(parser)
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: Record<string, string>
      info: { lines: number }
    }>)
      yield { line: info.lines, cells: record }
  } catch (error) {
    throw error instanceof CliError ? error : new CliError('INPUT_UNREADABLE', describe(error), { field: 'path' })
  } finally {
    source.destroy()
  }
}

function checkHeader(header: string[], required: readonly string[], optional: readonly string[]): string[] {
  const known = [...required, ...optional]
  const isComplete = required.every((name) => header.includes(name))
  if (!isComplete || header.some((name) => !known.includes(name)) || new Set(header).size < header.length) {
    const choice = optional.length > 0 ? ` and may also have ${optional.join(', ')}` : ''
    throw new CliError('INPUT_UNREADABLE', `the CSV's header must have ${required.join(', ')}${choice}`, {
      field: 'path',
    })
  }
  return header
}

/** csv-parse quotes the offending row in its message: only the place and the kind are passed on. */
function describe(error: unknown): string {
  const { code = '', lines } = error as Partial<CsvError> & { lines?: number }
  if (!code.startsWith('CSV_')) return `the CSV cannot be read (${systemCode(error)})`
  const kind = code.slice('CSV_'.length).toLowerCase().replaceAll('_', ' ')
  return `line ${lines ?? '?'} of the CSV is malformed (${kind})`
}
