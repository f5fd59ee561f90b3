import { DomainError } from '../domain/errors.js'
import type { Terminal } from './terminal.js'

/** Reasons of this program beside the service's own (`ErrorCode`). */
export type CliReason =
  | 'USAGE' // the command line itself is wrong
  | 'INPUT_UNREADABLE' // a local file or folder cannot be read, or does not hold what it should
  | 'OUTPUT_UNWRITABLE'
  | 'SERVER_UNREACHABLE'
  | 'INTERNAL'

/** A failure as a caller of the program sees it. */
export class CliError extends Error {
  /** An `ErrorCode` of the service or a `CliReason`. */
  readonly reason: string
  /** The request's field; '' when it is not about one. */
  readonly field: string
  /** Sentences for the operator, the worst first. */
  readonly reasons: readonly string[]
  readonly retryAfterMs: number | undefined

  constructor(
    reason: string,
    message: string,
    details: { readonly field?: string; readonly reasons?: readonly string[]; readonly retryAfterMs?: number } = {},
  ) {
    super(message)
    this.name = 'CliError'
    this.reason = reason
    this.field = details.field ?? ''
    this.reasons = details.reasons ?? []
    this.retryAfterMs = details.retryAfterMs
  }
}

/** Turns whatever was thrown into a failure; a bug is named as one and shows no stack. */
export function toCliError(error: unknown): CliError {
  if (error instanceof CliError) return error
  if (error instanceof DomainError)
    return new CliError(error.code, error.message, { field: error.field ?? '', reasons: error.reasons })
  return new CliError('INTERNAL', `internal error (${whereabouts(error)}): this is a bug, please report it`)
}

/** Kind and place of a bug, "TypeError at plan.js:41:7": enough to find it, and no data of anybody's. */
function whereabouts(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const place = /([\w.-]+:\d+:\d+)\)?$/m.exec(error.stack ?? '')?.[1]
  return place === undefined ? error.name : `${error.name} at ${place}`
}

/** One clear line (with `--json`: one document) on stderr. */
export function reportFailure(terminal: Terminal, error: CliError, json: boolean): void {
  const { reason, message, field, reasons } = error
  if (json) terminal.jsonNote({ error: { reason, message, field, reasons } })
  else terminal.note(`error: ${sentence(error)}`)
}

/** The failure in one line: what it is about and why. */
export function sentence({ message, field, reasons }: CliError): string {
  const about = field === '' ? '' : `${field}: `
  return `${about}${reasons.length > 0 ? reasons.join('; ') : message}`
}

/** The code of a failed system call ("ENOENT"), for messages. */
export function systemCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : 'unknown error'
}
