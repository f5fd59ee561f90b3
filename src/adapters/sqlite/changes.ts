import type { AnyReference } from './rows.js'
import type { IndexChange } from '../../domain/ports.js'

/** What a mutation yields inside its transaction. */
export interface Outcome<T> {
  readonly value: T
  readonly change: IndexChange
}

export const NO_CHANGE: IndexChange = { added: [], addedFingers: [], removedReferenceIds: [], memberships: [] }

/** References of any modality go where they belong. */
export function change({ added = [], ...parts }: ChangeParts): IndexChange {
  return {
    ...NO_CHANGE,
    ...parts,
    added: added.filter((reference) => 'features' in reference),
    addedFingers: added.filter((reference) => 'record' in reference),
  }
}

type ChangeParts = Partial<Omit<IndexChange, 'added' | 'addedFingers'>> & {
  readonly added?: readonly AnyReference[]
}
