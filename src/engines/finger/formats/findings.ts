import { DomainError } from '../../../domain/errors.js'
import { RECORD_LIMITS } from './limits.js'

/** `strict` refuses whatever the standard forbids; `lenient` reads on where the meaning is clear, with a warning. */
export type ReadMode = 'strict' | 'lenient'

/** PARSE_ERROR at a field: "expected record length at byte 8 to be 340, got 338". Never coordinates of minutiae. */
export function parseError(field: string, offset: number, expected: string, got: string): DomainError {
  return new DomainError('PARSE_ERROR', `${field} at byte ${offset} to be ${expected}`, got)
}

/** What a reading found amiss. Readers report every quirk here and read on; whether they get to is a matter of the mode. */
export class Findings {
  readonly #mode: ReadMode
  readonly #warnings: string[] = []

  constructor(mode: ReadMode) {
    this.#mode = mode
  }

  /**
   * Something that the standard forbids and real records hold.
   * @param remedy what a lenient reading makes of it: "read as unknown"
   * @throws DomainError PARSE_ERROR when strict
   */
  quirk(field: string, offset: number, expected: string, got: string, remedy: string): void {
    if (this.#mode === 'strict') throw parseError(field, offset, expected, got)
    if (this.#warnings.length < RECORD_LIMITS.warningsMax)
      this.#warnings.push(`${field} at byte ${offset} should be ${expected}, not ${got}: ${remedy}`)
    else this.#warnings[RECORD_LIMITS.warningsMax - 1] = 'further warnings are left out'
  }

  get warnings(): readonly string[] {
    return [...this.#warnings]
  }
}
