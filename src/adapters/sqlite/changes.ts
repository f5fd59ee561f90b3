import type { IndexChange } from '../../domain/ports.js'

/** What a mutation yields inside its transaction. */
export interface Outcome<T> {
  readonly value: T
  readonly change: IndexChange
}

export const NO_CHANGE: IndexChange = { added: [], removedReferenceIds: [], memberships: [] }

export function change(parts: Partial<IndexChange>): IndexChange {
  return { ...NO_CHANGE, ...parts }
}
