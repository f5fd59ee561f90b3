import { backgroundContext } from '../../src/domain/context.js'
import { dot } from '../../src/domain/template.js'
import { cosineDistractors } from '../../src/engines/simulation/distractor-source.js'
import { ScoreHistogram } from '../../src/services/evaluation/histogram.js'
import {
  CANDIDATES_MAX,
  measureOpenSet,
  type OpenSetMeasures,
} from '../../src/services/evaluation/open-set-measures.js'
import { matedSearch, nonMatedSearch, type OpenSetSearches } from '../../src/services/evaluation/open-set-searches.js'

/** References of the experiment that issue 5 gives as orientation, on another part of LFW. */
export const ORIENTATION_COUNT = 3715
const SEED = 1

/** Everybody enrolled by one image. */
export interface EverybodyEnrolled {
  readonly real: OpenSetMeasures
  /** The same with distractors, `ORIENTATION_COUNT` references in all. */
  readonly filledUp: OpenSetMeasures
}

interface Probe {
  readonly person: number
  readonly features: Float32Array
}

interface Experiment {
  /** By person: the first image. */
  readonly references: readonly Float32Array[]
  /** Further images. */
  readonly mated: readonly Probe[]
  /** The reference of each person with one image, who is searched while it is left out. */
  readonly nonMated: readonly Probe[]
}

/**
 * The largest open-set experiment that a set of people allows: everybody is enrolled by their first image, and further images are mated
 * probes. People with one image are searched while they themselves are left out: each is a stranger once, to all others.
 * @param templates by name, <person>/<image>
 */
export async function everybodyEnrolled(templates: ReadonlyMap<string, Float32Array>): Promise<EverybodyEnrolled> {
  const experiment = experimentOf(templates)
  const searches = searchAll(experiment)
  const personCount = experiment.references.length
  const frame = { referenceCount: personCount, personCount, groups: null, seed: SEED }
  const among = await withDistractors(experiment, searches, ORIENTATION_COUNT - personCount)
  return {
    real: measureOpenSet(searches, frame),
    filledUp: measureOpenSet(among, { ...frame, referenceCount: ORIENTATION_COUNT }),
  }
}

function experimentOf(templates: ReadonlyMap<string, Float32Array>): Experiment {
  const people = new Map<string, Float32Array[]>()
  for (const name of [...templates.keys()].sort()) {
    const person = name.split('/')[0]!
    people.set(person, [...(people.get(person) ?? []), templates.get(name)!])
  }
  const images = [...people.values()]
  return {
    references: images.map(([first]) => first!),
    mated: images.flatMap((ofOne, person) => ofOne.slice(1).map((features) => ({ person, features }))),
    nonMated: images.flatMap(([features, ...more], person) =>
      more.length === 0 ? [{ person, features: features! }] : [],
    ),
  }
}

function searchAll({ references, mated, nonMated }: Experiment): OpenSetSearches {
  const scoresOf = ({ features }: Probe) =>
    new Map(references.map((reference, person) => [person, dot(features, reference)] as const))
  const others = (probe: Probe) => {
    const scores = scoresOf(probe)
    scores.delete(probe.person)
    return scores
  }
  const unused = () => new ScoreHistogram([-1, 1], 1)
  return {
    mated: mated.map((probe) => matedSearch(probe.person, scoresOf(probe))),
    nonMated: nonMated.map((probe) => nonMatedSearch(probe.person, others(probe))),
    matedScores: unused(),
    nonMatedScores: unused(),
  }
}

/** As `portcullis evaluate identification --distractors`: no probe meets distractors of a model that was fitted to its person. */
async function withDistractors(
  { references, mated, nonMated }: Experiment,
  searches: OpenSetSearches,
  count: number,
): Promise<OpenSetSearches> {
  const single = new Set(nonMated.map(({ person }) => person))
  const sourceOf = (isSingle: boolean) =>
    cosineDistractors.fit(
      references.filter((_, person) => single.has(person) === isSingle),
      SEED,
    )
  const draw = { count, seed: SEED, onDrawn: () => undefined }
  const context = backgroundContext('bench')
  const tops = await sourceOf(false).topScores(
    nonMated.map(({ features }) => features),
    draw,
    context,
  )
  const marked = mated.map(({ features }, i) => ({ features, marks: [searches.mated[i]!.mateScore] }))
  const counts = await sourceOf(true).countReaching(marked, { ...draw, countMax: CANDIDATES_MAX }, context)
  return {
    ...searches,
    mated: searches.mated.map((search, i) => ({ ...search, mateRank: search.mateRank + counts[i]![0]! })),
    nonMated: searches.nonMated.map((search, i) => ({ ...search, topScore: Math.max(search.topScore, tops[i]!) })),
  }
}
