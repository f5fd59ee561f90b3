import type { Logger } from '../../../src/domain/ports.js'

export interface LogEntry {
  readonly level: 'info' | 'warn' | 'error'
  readonly fields: Readonly<Record<string, unknown>>
  readonly message: string
}

/** A logger that writes to memory. */
export class CollectingLogger implements Logger {
  readonly entries: LogEntry[] = []

  info(fields: Readonly<Record<string, unknown>>, message: string): void {
    this.entries.push({ level: 'info', fields, message })
  }

  warn(fields: Readonly<Record<string, unknown>>, message: string): void {
    this.entries.push({ level: 'warn', fields, message })
  }

  error(fields: Readonly<Record<string, unknown>>, message: string): void {
    this.entries.push({ level: 'error', fields, message })
  }

  /** What was logged of one call. */
  of(callId: string): readonly LogEntry[] {
    return this.entries.filter(({ fields }) => fields.callId === callId)
  }
}
