import { DomainError } from '../../../src/domain/errors.js'

/** What `work` gives, or its expected failure; anything else that it throws is a bug and goes on. */
export function outcomeOf<T>(work: () => T): T | DomainError {
  try {
    return work()
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
}

/** The expected failure of `work`; fails when it succeeds. */
export function thrownBy(work: () => unknown): DomainError {
  const outcome = outcomeOf(work)
  if (outcome instanceof DomainError) return outcome
  throw new Error('a DomainError was expected, and nothing was thrown')
}
