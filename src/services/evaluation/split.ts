import { DomainError, invalid } from '../../domain/errors.js'
import type { Person, SampleFile } from './people.js'
import { seededRandom, shuffled } from './random.js'

/** A sample with whose it is: the position of the person in the list that was split. */
export interface OwnedSample extends SampleFile {
  readonly person: number
}

/** An open-set experiment (ISO/IEC 19795-1): who is enrolled, and which probes have a mate there. */
export interface OpenSetSplit {
  /** One sample of each part of each enrolled person. */
  readonly references: readonly OwnedSample[]
  /** The other samples of enrolled people. */
  readonly matedProbes: readonly OwnedSample[]
  /** All samples of people who are not enrolled. */
  readonly nonMatedProbes: readonly OwnedSample[]
}

export interface SplitOptions {
  readonly seed: number
  /** Share of the people who are enrolled, 0 to 1 exclusive. */
  readonly enrolFraction: number
}

/**
 * Enrols a share of the people, drawn by the seed: the same share of those with several samples of a part and of those with single ones,
 * who enlarge the gallery without giving a mated probe. Which sample of a part is enrolled is drawn too.
 * @throws DomainError INVALID_ARGUMENT on "folder" or "enrol_fraction" when one of the three kinds would be empty
 */
export function splitOpenSet(people: readonly Person[], { seed, enrolFraction }: SplitOptions): OpenSetSplit {
  if (!(enrolFraction > 0 && enrolFraction < 1))
    throw invalid('enrol_fraction', 'a share between 0 and 1', String(enrolFraction))
  const random = seededRandom(seed)
  const numbers = people.map((_, person) => person)
  const repeated = numbers.filter((person) => hasMates(people[person]!))
  checkPeople(people.length, repeated.length)
  const single = numbers.filter((person) => !hasMates(people[person]!))
  const drawn = [repeated, single].flatMap((stratum) =>
    shuffled(stratum, random).slice(0, share(stratum.length, enrolFraction)),
  )
  const enrolled = new Set(drawn)
  const dealt = numbers.map((person) => deal(person, people[person]!, enrolled.has(person), random))
  const split = {
    references: dealt.flatMap(({ references }) => references),
    matedProbes: dealt.flatMap(({ matedProbes }) => matedProbes),
    nonMatedProbes: dealt.flatMap(({ nonMatedProbes }) => nonMatedProbes),
  }
  for (const [kind, samples] of Object.entries(split))
    if (samples.length === 0)
      throw invalid('enrol_fraction', 'references, mated and non-mated probes', `an experiment with no ${WORDS[kind]!}`)
  return split
}

const WORDS: Readonly<Record<string, string>> = {
  references: 'references',
  matedProbes: 'mated probes',
  nonMatedProbes: 'non-mated probes',
}

function checkPeople(personCount: number, repeatedCount: number): void {
  if (repeatedCount === 0)
    throw new DomainError(
      'INVALID_ARGUMENT',
      'people with two samples or more',
      `${personCount} people with one each`,
      {
        field: 'folder',
        reasons: ['The folder holds nobody twice: without a second sample of somebody no miss can be counted.'],
      },
    )
  if (personCount < 2)
    throw new DomainError('INVALID_ARGUMENT', 'two people or more', 'one person', {
      field: 'folder',
      reasons: ['The folder holds one person: without somebody else no false positive can be counted.'],
    })
}

/** Rounded; of several people at least one and not all, so that small folders work too. */
function share(count: number, fraction: number): number {
  const rounded = Math.round(count * fraction)
  return count < 2 ? rounded : Math.min(count - 1, Math.max(1, rounded))
}

function hasMates({ samples }: Person): boolean {
  return new Set(samples.map(({ part }) => part)).size < samples.length
}

function deal(person: number, { samples }: Person, isEnrolled: boolean, random: () => number): OpenSetSplit {
  const owned = samples.map((sample) => ({ ...sample, person }))
  if (!isEnrolled) return { references: [], matedProbes: [], nonMatedProbes: owned }
  const parts = [...new Set(samples.map(({ part }) => part))]
  const chosen = new Set(
    parts.map((part) => {
      const ofPart = samples.filter((sample) => sample.part === part)
      return ofPart[Math.floor(random() * ofPart.length)]!.name
    }),
  )
  return {
    references: owned.filter(({ name }) => chosen.has(name)),
    matedProbes: owned.filter(({ name }) => !chosen.has(name)),
    nonMatedProbes: [],
  }
}
