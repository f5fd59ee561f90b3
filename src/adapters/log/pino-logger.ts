import { pino } from 'pino'
import type { Logger } from '../../domain/ports.js'

/** Structured log lines on stderr, so that stdout stays free for what a command prints. */
export function pinoLogger(level: string): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: false }),
  )
}
