import type { CallContext } from '../../domain/context.js'
import type { DistractorMaker, DistractorSource } from '../../domain/distractors.js'
import { DomainError, invalid } from '../../domain/errors.js'
import { checkDistractors, trustOf, type DistractorCheck, type DistractorTrust } from './distractor-check.js'
import { CANDIDATES_MAX } from './open-set-measures.js'
import type { OpenSetSearches } from './open-set-searches.js'
import type { OpenSetSplit, OwnedSample } from './split.js'

/** Ten times the million; 100 million would take hours. */
export const DISTRACTORS_MAX = 10_000_000
/** 25 million a second on one core with 384 features: ten minutes. */
const COMPARISONS_MAX = 15_000_000_000

export interface DistractorInput<Features> {
  readonly count: number
  readonly seed: number
  readonly maker: DistractorMaker<Features>
  readonly compare: (probe: Features, reference: Features) => number
  readonly featuresOf: (name: string) => Features | null
  /** Called once for each probe, as if they were searched one after the other. */
  readonly onSearched: () => void
}

export interface Simulated {
  /** The same searches with the distractors enrolled too. */
  readonly searches: OpenSetSearches
  /** Of the model of the enrolled people on the others, and the reverse. */
  readonly checks: readonly DistractorCheck[]
  readonly trust: DistractorTrust | null
}

/**
 * Refuses before anything is extracted.
 * @throws DomainError INVALID_ARGUMENT on "distractors" where templates cannot be drawn or the people are too few, LIMIT_EXCEEDED
 */
export function checkWanted(
  count: number,
  { references, matedProbes, nonMatedProbes }: OpenSetSplit,
  maker: DistractorMaker<never> | null,
): void {
  if (maker === null)
    throw invalid('distractors', 'faces: fingerprint templates are no points that a model could draw', 'fingers')
  if (!Number.isSafeInteger(count) || count < 1 || count > DISTRACTORS_MAX)
    throw invalid('distractors', `1 to ${DISTRACTORS_MAX}`, String(count))
  checkPeople(Math.min(peopleOf(references).size, peopleOf(nonMatedProbes).size), maker.peopleMin)
  const comparisonCount = count * (matedProbes.length + nonMatedProbes.length)
  if (comparisonCount > COMPARISONS_MAX)
    throw new DomainError(
      'LIMIT_EXCEEDED',
      `at most ${COMPARISONS_MAX} comparisons with distractors`,
      `${comparisonCount}`,
      { field: 'distractors' },
    )
}

function checkPeople(count: number, least: number): void {
  if (count < least)
    throw invalid('distractors', `${least} enrolled people and ${least} others, to fit a model to`, `${count}`)
}

/**
 * Enrols strangers who do not exist: `fit → check on the other people → search`. No probe meets a model that was fitted to its person:
 * mated probes are searched among distractors of the model of the people who are not enrolled, non-mated ones among those of the
 * enrolled. Each check holds the same way round.
 * @throws DomainError INVALID_ARGUMENT on "distractors" where too few people gave a template
 */
export async function simulateDistractors<Features>(
  split: OpenSetSplit,
  searches: OpenSetSearches,
  input: DistractorInput<Features>,
  context: CallContext,
): Promise<Simulated> {
  const enrolled = oneEach(split.references, input)
  const others = oneEach(split.nonMatedProbes, input)
  const { maker, compare, seed } = input
  checkPeople(Math.min(enrolled.length, others.length), maker.peopleMin)
  const [ofEnrolled, ofOthers] = [maker.fit(enrolled, seed), maker.fit(others, seed)]
  const checks = [
    await checkDistractors({ source: ofEnrolled, templates: others, compare, seed }, context),
    await checkDistractors({ source: ofOthers, templates: enrolled, compare, seed }, context),
  ]
  const nonMated = await searchNonMated(split, searches, ofEnrolled, input, context)
  const mated = await searchMated(split, searches, ofOthers, input, context)
  return { searches: { ...searches, mated, nonMated }, checks, trust: trustOf(checks) }
}

/** A template of each person, the first there is; spread over the people where there are more than a model looks at. */
function oneEach<Features>(
  samples: readonly OwnedSample[],
  { featuresOf, maker }: DistractorInput<Features>,
): readonly Features[] {
  const found = new Map<number, Features>()
  for (const { person, name } of samples) {
    const features = found.has(person) ? null : featuresOf(name)
    if (features !== null) found.set(person, features)
  }
  const all = [...found.values()]
  const step = Math.max(1, all.length / maker.peopleMax)
  return Array.from({ length: Math.floor(all.length / step) }, (_, i) => all[Math.floor(i * step)]!)
}

function peopleOf(samples: readonly OwnedSample[]): ReadonlySet<number> {
  return new Set(samples.map(({ person }) => person))
}

async function searchNonMated<Features>(
  { nonMatedProbes }: OpenSetSplit,
  { nonMated }: OpenSetSearches,
  source: DistractorSource<Features>,
  input: DistractorInput<Features>,
  context: CallContext,
): Promise<OpenSetSearches['nonMated']> {
  const { featuresOf } = input
  const probes = nonMatedProbes.flatMap(({ name }, search) => {
    const features = featuresOf(name)
    return features === null ? [] : [{ search, features }]
  })
  const draw = drawOf(input, nonMatedProbes.length)
  const tops = await source.topScores(
    probes.map(({ features }) => features),
    draw,
    context,
  )
  const drawn = new Map(probes.map(({ search }, i) => [search, tops[i]!]))
  return nonMated.map((search, i) => ({ ...search, topScore: Math.max(search.topScore, drawn.get(i) ?? -Infinity) }))
}

async function searchMated<Features>(
  { matedProbes }: OpenSetSplit,
  { mated }: OpenSetSearches,
  source: DistractorSource<Features>,
  input: DistractorInput<Features>,
  context: CallContext,
): Promise<OpenSetSearches['mated']> {
  const { featuresOf } = input
  const probes = matedProbes.flatMap(({ name }, search) => {
    const features = featuresOf(name)
    const { mateScore } = mated[search]!
    return features === null || mateScore === -Infinity ? [] : [{ search, features, marks: [mateScore] }]
  })
  // Ranks beyond the candidate list are all the same.
  const draw = { ...drawOf(input, matedProbes.length), countMax: CANDIDATES_MAX }
  const counts = await source.countReaching(probes, draw, context)
  const better = new Map(probes.map(({ search }, i) => [search, counts[i]![0]!]))
  return mated.map((search, i) => ({ ...search, mateRank: search.mateRank + (better.get(i) ?? 0) }))
}

function drawOf(
  { count, seed, onSearched }: Pick<DistractorInput<unknown>, 'count' | 'seed' | 'onSearched'>,
  probeCount: number,
) {
  let told = 0
  const onDrawn = (drawnCount: number) => {
    for (; told < Math.floor((drawnCount / count) * probeCount); told++) onSearched()
  }
  return { count, seed: seed + 1000, onDrawn } // other templates than those of the correction and the checks
}
