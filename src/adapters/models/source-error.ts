/**
 * Why a source did not yield a file.
 * - `unavailable`: it does not offer the file;
 * - `failed`: it should have, and did not.
 */
export class SourceError extends Error {
  readonly outcome: 'unavailable' | 'failed'

  constructor(outcome: 'unavailable' | 'failed', message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'SourceError'
    this.outcome = outcome
  }
}
