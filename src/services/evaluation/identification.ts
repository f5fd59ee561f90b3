import type { ScoreCalibration } from '../../domain/calibration.js'
import { checkAlive, type CallContext } from '../../domain/context.js'
import { DomainError } from '../../domain/errors.js'
import { checkWanted, simulateDistractors, type Simulated } from './distractors.js'
import { measureOpenSet, planOf, type OpenSetFrame, type OpenSetMeasures } from './open-set-measures.js'
import { searchAll, type EvaluationSpace, type OpenSetSearches } from './open-set-searches.js'
import { peopleOf, type Modality, type Person } from './people.js'
import { fpirReliability, referencesPerSearch, type Reliability } from './reliability.js'
import { splitOpenSet, type OpenSetSplit, type SplitOptions } from './split.js'

export interface IdentificationInput<Features> extends SplitOptions {
  readonly modality: Modality
  /** Files of the folder: relative paths with "/". */
  readonly names: readonly string[]
  readonly space: EvaluationSpace<Features>
  /** Group of each person by name; null where no groups are told apart. */
  readonly groups: ReadonlyMap<string, string> | null
  /** Made-up strangers who are enrolled beside the people; 0 for none. */
  readonly distractorCount: number
  /** Of the space; null where it has none. */
  readonly calibration: ScoreCalibration | null
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
  /** What the calibration predicted for these searches; null without one. */
  readonly reliability: Reliability | null
  /** The same searches with distractors enrolled too; null where none were asked for. */
  readonly distractors: DistractorMeasures | null
}

export interface DistractorMeasures extends Omit<Simulated, 'searches'> {
  readonly count: number
  readonly measures: OpenSetMeasures
  readonly reliability: Reliability | null
}

/**
 * An open-set identification experiment over a folder of people: `who is there → split → extract → search → measure`, and once more with
 * distractors. The same folder, seed and share give the same figures.
 * @throws DomainError INVALID_ARGUMENT on "folder", "enrol_fraction", "groups" or "distractors"; LIMIT_EXCEEDED; what `extract` throws
 */
export async function evaluateIdentification<Features>(
  input: IdentificationInput<Features>,
  context: CallContext,
): Promise<IdentificationEvaluation> {
  const { modality, names, space, seed, enrolFraction, distractorCount } = input
  const people = peopleOf(names, modality)
  const groups = groupsOf(people, input.groups)
  const split = splitOpenSet(people, input)
  if (distractorCount > 0) checkWanted(distractorCount, split, space.distractors)
  const progress = progressOver(people, split, input)
  const features = await extractAll(people, { ...input, onProgress: progress }, context)
  const featuresOf = (name: string) => features.get(name) ?? null
  const searches = await searchAll(split, featuresOf, { space, onSearched: progress }, context)
  const enrolled = enrolledPeople(split, features)
  const frame = { referenceCount: enrolled.size, personCount: people.length, groups, seed }
  const references = split.references.filter(({ name }) => featuresOf(name) !== null)
  const comparedCount = referencesPerSearch(split.nonMatedProbes, references)
  const withDistractors = async (): Promise<DistractorMeasures> => {
    const drawn = { count: distractorCount, seed, maker: space.distractors!, compare: space.compare }
    const simulation = await simulateDistractors(split, searches, { ...drawn, featuresOf, onSearched: progress }, context)
    const { searches: among, ...about } = simulation
    const wider = { ...frame, referenceCount: frame.referenceCount + distractorCount }
    return {
      ...about,
      count: distractorCount,
      measures: measureOpenSet(among, wider),
      reliability: reliabilityOf(among, wider, comparedCount + distractorCount, input),
    }
  }
  return {
    algorithm: space.algorithm,
    modality,
    seed,
    enrolFraction,
    personCount: people.length,
    sampleCount: features.size,
    failuresToExtract: [...features.values()].filter((found) => found === null).length,
    failuresToEnrol: new Set(split.references.map(({ person }) => person)).size - enrolled.size,
    ...measureOpenSet(searches, frame),
    reliability: reliabilityOf(searches, frame, comparedCount, input),
    distractors: distractorCount > 0 ? await withDistractors() : null,
  }
}

function reliabilityOf(
  searches: OpenSetSearches,
  frame: OpenSetFrame,
  comparedCount: number,
  { calibration }: Pick<IdentificationInput<unknown>, 'calibration'>,
): Reliability | null {
  if (calibration === null) return null
  const plan = planOf(searches, frame)
  return fpirReliability(calibration, searches.nonMated, comparedCount, { ...plan, strata: plan.strata.slice(1) })
}

/** Called once for each sample that is extracted, and each probe that is searched; with distractors each is searched twice. */
function progressOver(
  people: readonly Person[],
  { matedProbes, nonMatedProbes }: OpenSetSplit,
  { onProgress, distractorCount }: Pick<IdentificationInput<unknown>, 'onProgress' | 'distractorCount'>,
): () => void {
  const sampleCount = people.reduce((sum, { samples }) => sum + samples.length, 0)
  const searchCount = matedProbes.length + nonMatedProbes.length
  const totalCount = sampleCount + searchCount * (distractorCount > 0 ? 2 : 1)
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
