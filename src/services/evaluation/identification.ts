import { checkAlive, type CallContext } from '../../domain/context.js'
import { DomainError } from '../../domain/errors.js'
import { measureOpenSet, type OpenSetMeasures } from './open-set-measures.js'
import { searchAll, type EvaluationSpace } from './open-set-searches.js'
import { peopleOf, type Modality, type Person } from './people.js'
import { splitOpenSet, type OpenSetSplit, type SplitOptions } from './split.js'

export interface IdentificationInput<Features> extends SplitOptions {
  readonly modality: Modality
  /** Files of the folder: relative paths with "/". */
  readonly names: readonly string[]
  readonly space: EvaluationSpace<Features>
  /** Group of each person by name; null where no groups are told apart. */
  readonly groups: ReadonlyMap<string, string> | null
  /** Samples in work at once. */
  readonly concurrency: number
  /** In samples to extract and probes to search. */
  readonly onProgress: (doneCount: number, totalCount: number) => void
}

export interface IdentificationEvaluation extends OpenSetMeasures {
  readonly algorithm: string
  readonly modality: Modality
  readonly seed: number
  readonly enrolFraction: number
  readonly personCount: number
  readonly sampleCount: number
  /** Samples without a template. */
  readonly failuresToExtract: number
  /** Enrolled people none of whose references gave a template; their mated probes count as missed. */
  readonly failuresToEnrol: number
}

/**
 * An open-set identification experiment over a folder of people: `who is there → split → extract → search → measure`. The same folder,
 * seed and share give the same figures.
 * @throws DomainError INVALID_ARGUMENT on "folder", "enrol_fraction" or "groups"; LIMIT_EXCEEDED; what `extract` throws
 */
export async function evaluateIdentification<Features>(
  input: IdentificationInput<Features>,
  context: CallContext,
): Promise<IdentificationEvaluation> {
  const { modality, names, space, seed, enrolFraction } = input
  const people = peopleOf(names, modality)
  const groups = groupsOf(people, input.groups)
  const split = splitOpenSet(people, input)
  const progress = progressOver(people, split, input)
  const features = await extractAll(people, { ...input, onProgress: progress }, context)
  const searches = await searchAll(
    split,
    (name) => features.get(name) ?? null,
    { space, onSearched: progress },
    context,
  )
  const enrolled = enrolledPeople(split, features)
  return {
    algorithm: space.algorithm,
    modality,
    seed,
    enrolFraction,
    personCount: people.length,
    sampleCount: features.size,
    failuresToExtract: [...features.values()].filter((found) => found === null).length,
    failuresToEnrol: new Set(split.references.map(({ person }) => person)).size - enrolled.size,
    ...measureOpenSet(searches, { referenceCount: enrolled.size, personCount: people.length, groups, seed }),
  }
}

/** Called once for each sample that is extracted, and each probe that is searched. */
function progressOver(
  people: readonly Person[],
  { matedProbes, nonMatedProbes }: OpenSetSplit,
  { onProgress }: Pick<IdentificationInput<unknown>, 'onProgress'>,
): () => void {
  const sampleCount = people.reduce((sum, { samples }) => sum + samples.length, 0)
  const totalCount = sampleCount + matedProbes.length + nonMatedProbes.length
  let doneCount = 0
  return () => onProgress(++doneCount, totalCount)
}

/** @throws DomainError INVALID_ARGUMENT when somebody has no group: rates of an unknown rest could hide the worst */
function groupsOf(people: readonly Person[], groups: ReadonlyMap<string, string> | null): readonly string[] | null {
  if (groups === null) return null
  const missing = people.filter(({ name }) => !groups.has(name)).length
  if (missing > 0)
    throw new DomainError('INVALID_ARGUMENT', 'a group for each person of the folder', `${missing} without one`, {
      field: 'groups',
    })
  return people.map(({ name }) => groups.get(name)!)
}

async function extractAll<Features>(
  people: readonly Person[],
  {
    space,
    concurrency,
    onProgress,
  }: Pick<IdentificationInput<Features>, 'space' | 'concurrency'> & { onProgress: () => void },
  context: CallContext,
): Promise<ReadonlyMap<string, Features | null>> {
  const names = people.flatMap(({ samples }) => samples.map(({ name }) => name))
  const found = new Map<string, Features | null>()
  let next = 0
  const work = async () => {
    for (let name = names[next++]; name !== undefined; name = names[next++]) {
      checkAlive(context)
      found.set(name, await space.extract(name, context))
      onProgress()
    }
  }
  const workToTheEnd = () =>
    work().catch((error: unknown) => {
      next = names.length // the others stop too
      throw error
    })
  await Promise.all(Array.from({ length: concurrency }, workToTheEnd))
  return found
}

function enrolledPeople({ references }: OpenSetSplit, features: ReadonlyMap<string, unknown>): ReadonlySet<number> {
  return new Set(references.filter(({ name }) => features.get(name) !== null).map(({ person }) => person))
}
