import { checkAlive, type CallContext } from '../../domain/context.js'
import type { DistractorMaker } from '../../domain/distractors.js'
import { DomainError } from '../../domain/errors.js'
import { ScoreHistogram } from './histogram.js'
import type { MatedSearch, NonMatedSearch } from './open-set-rates.js'
import { arePartsComparable } from './people.js'
import type { OpenSetSplit, OwnedSample } from './split.js'

/** What samples become, and how they are compared. */
export interface EvaluationSpace<Features> {
  /** "<id>@<sha256 prefix>" */
  readonly algorithm: string
  /** Least and greatest score that a histogram shows. */
  readonly scoreRange: readonly [number, number]
  /** What a machine of two cores compares in about ten minutes. */
  readonly comparisonsMax: number
  /** Reads a sample and makes its features; null is a failure to extract (ISO/IEC 19795-1: failure to acquire). */
  readonly extract: (name: string, context: CallContext) => Promise<Features | null>
  /** Symmetric; greater is more alike. */
  readonly compare: (probe: Features, reference: Features) => number
  /** Makes up strangers; null where nobody knows how. */
  readonly distractors: DistractorMaker<Features> | null
}

/** The outcome of every search of an experiment. */
export interface OpenSetSearches {
  readonly mated: readonly MatedSearch[]
  readonly nonMated: readonly NonMatedSearch[]
  /** Over all comparisons of mated and non-mated pairs. */
  readonly matedScores: ScoreHistogram
  readonly nonMatedScores: ScoreHistogram
}

type FeaturesOf<Features> = (name: string) => Features | null

const BIN_COUNT = 100

/**
 * Searches every probe among all references, each person by the best of the comparable samples.
 * @throws DomainError LIMIT_EXCEEDED when these are more comparisons than the space allows
 */
export async function searchAll<Features>(
  split: OpenSetSplit,
  featuresOf: FeaturesOf<Features>,
  { space, onSearched }: { readonly space: EvaluationSpace<Features>; readonly onSearched: () => void },
  context: CallContext,
): Promise<OpenSetSearches> {
  const probes = [...split.matedProbes, ...split.nonMatedProbes]
  const count = probes.length * split.references.length
  if (count > space.comparisonsMax)
    throw new DomainError('LIMIT_EXCEEDED', `at most ${space.comparisonsMax} comparisons`, `${count}`, {
      field: 'folder',
    })
  const gallery = split.references.flatMap((reference) => {
    const features = featuresOf(reference.name)
    return features === null ? [] : [{ ...reference, features }]
  })
  const histograms = {
    matedScores: new ScoreHistogram(space.scoreRange, BIN_COUNT),
    nonMatedScores: new ScoreHistogram(space.scoreRange, BIN_COUNT),
  }
  const search = async (probe: OwnedSample) => {
    checkAlive(context)
    await new Promise((resolve) => setImmediate(resolve)) // so that the bar is drawn and an abort is heard
    const scores = bestOfPeople(probe, featuresOf(probe.name), gallery, space.compare)
    for (const [person, score] of scores)
      (person === probe.person ? histograms.matedScores : histograms.nonMatedScores).add(score)
    onSearched()
    return scores
  }
  const mated: MatedSearch[] = []
  for (const probe of split.matedProbes) mated.push(matedSearch(probe.person, await search(probe)))
  const nonMated: NonMatedSearch[] = []
  for (const probe of split.nonMatedProbes) nonMated.push(nonMatedSearch(probe.person, await search(probe)))
  return { mated, nonMated, ...histograms }
}

/** @returns the best score of each person who has a comparable reference; nothing where the probe gave no template */
function bestOfPeople<Features>(
  probe: OwnedSample,
  features: Features | null,
  gallery: readonly (OwnedSample & { readonly features: Features })[],
  compare: (probe: Features, reference: Features) => number,
): ReadonlyMap<number, number> {
  const best = new Map<number, number>()
  if (features === null) return best
  for (const reference of gallery) {
    if (!arePartsComparable(probe.part, reference.part)) continue
    const score = compare(features, reference.features)
    if (score > (best.get(reference.person) ?? -Infinity)) best.set(reference.person, score)
  }
  return best
}

/** The mate's place among the people, by their scores. */
export function matedSearch(person: number, scores: ReadonlyMap<number, number>): MatedSearch {
  const mateScore = scores.get(person)
  if (mateScore === undefined) return { person, mateScore: -Infinity, mateRank: Infinity }
  let mateRank = 1
  for (const [other, score] of scores) if (other !== person && score >= mateScore) mateRank++
  return { person, mateScore, mateRank }
}

export function nonMatedSearch(person: number, scores: ReadonlyMap<number, number>): NonMatedSearch {
  let topScore = -Infinity
  for (const score of scores.values()) topScore = Math.max(topScore, score)
  return { person, topScore }
}
