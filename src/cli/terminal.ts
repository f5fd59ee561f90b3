import type { Writable } from 'node:stream'
import { printable } from './printable.js'
import { formatTable } from './table.js'

/** What the program says when it ends. `someRefused`: understood, and not good enough. */
export const EXIT = { ok: 0, failed: 1, someRefused: 2 } as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/**
 * Where a command writes: its answer to stdout, everything else to stderr. All text passes `printable`, whoever
 * wrote it, so no command can forget to.
 */
export class Terminal {
  /** stderr shows progress only where a person watches it. */
  readonly isWatched: boolean
  readonly stderr: Writable
  readonly #stdout: Writable

  constructor(stdout: Writable, stderr: Writable & { readonly isTTY?: boolean }) {
    this.#stdout = stdout
    stdout.on('error', ignoreClosedPipe)
    this.stderr = stderr
    this.isWatched = stderr.isTTY === true
  }

  /** One line of the answer. */
  line(text = ''): void {
    this.#stdout.write(`${printable(text)}\n`)
  }

  /** Text of this program's own that is laid out already (help). */
  laidOut(text: string): void {
    this.#stdout.write(text)
  }

  /** One line beside the answer. */
  note(text: string): void {
    this.stderr.write(`${printable(text)}\n`)
  }

  table(head: readonly string[], rows: readonly (readonly string[])[]): void {
    for (const line of formatTable(head, rows)) this.line(line)
  }

  /** The whole answer of a `--json` command. */
  json(document: unknown): void {
    this.#stdout.write(`${jsonText(document)}\n`)
  }

  /** A failure of a `--json` command. */
  jsonNote(document: unknown): void {
    this.stderr.write(`${jsonText(document)}\n`)
  }
}

/** A reader such as `head` may leave before the end; that is its right and no failure. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}

/** JSON escapes C0 itself; the other characters that steer a terminal are escaped in JSON's own way. */
function jsonText(document: unknown): string {
  return JSON.stringify(document, null, 2).split('\n').map(printable).join('\n')
}
