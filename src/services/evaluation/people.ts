import { DomainError } from '../../domain/errors.js'
import { areComparable, FINGER_POSITIONS, type FingerPosition } from '../../domain/finger.js'

export type Modality = 'face' | 'finger'

/** A sample's file, its name taken apart. */
export interface SampleFile {
  /** Relative to the evaluated folder, with "/". */
  readonly name: string
  /** What the sample is of: '' for a face, the finger's name of a finger. Samples of one person and part are mated. */
  readonly part: string
}

/** One person of the folder, with all samples. */
export interface Person {
  readonly name: string
  readonly samples: readonly SampleFile[]
}

/** LFW holds 13,233 images of 5,749 people; ten times that is an evaluation of days. */
const SAMPLES_MAX = 100_000
const ENDINGS: Readonly<Record<Modality, RegExp>> = {
  face: /\.(jpe?g|png|webp|tiff?)$/i,
  finger: /\.(fmr|fmd|iso|ansi|png|tiff?|bmp|wsq)$/i,
}
const FINGER_NAME = /^(?<finger>.+)_\d{1,4}\.[^.]+$/

/**
 * Who is in a folder, by the names of its files: `<person>/<file>`, and of fingers `<person>/<finger>_<impression>.<ending>`. A folder
 * without sub-folders that holds fingers is FVC's: `<finger>_<impression>.<ending>`, each finger a person. Other files are passed over.
 * @param names relative paths with "/", in any order
 * @returns people and their samples in alphabetical order, so that a seed means the same on every machine
 * @throws DomainError INVALID_ARGUMENT on "folder" when nobody is found; LIMIT_EXCEEDED
 */
export function peopleOf(names: readonly string[], modality: Modality): readonly Person[] {
  const people = new Map<string, SampleFile[]>()
  let sampleCount = 0
  for (const name of [...names].sort()) {
    const named = takeApart(name, modality)
    if (named === null) continue
    if (++sampleCount > SAMPLES_MAX) throw new DomainError('LIMIT_EXCEEDED', `at most ${SAMPLES_MAX} samples`, 'more')
    const samples = people.get(named.person) ?? []
    samples.push({ name, part: named.part })
    people.set(named.person, samples)
  }
  if (people.size === 0)
    throw new DomainError('INVALID_ARGUMENT', expectedLayout(modality), `none among ${names.length} files`, {
      field: 'folder',
    })
  return [...people].map(([name, samples]) => ({ name, samples }))
}

function takeApart(name: string, modality: Modality): { readonly person: string; readonly part: string } | null {
  const steps = name.split('/')
  const file = steps.at(-1) ?? ''
  if (!ENDINGS[modality].test(file) || steps.length > 2) return null
  const folder = steps.length === 2 ? steps[0]! : null
  if (modality === 'face') return folder === null ? null : { person: folder, part: '' }
  const finger = FINGER_NAME.exec(file)?.groups?.finger
  if (finger === undefined) return null
  return folder === null ? { person: finger, part: '' } : { person: folder, part: finger }
}

function expectedLayout(modality: Modality): string {
  return modality === 'face'
    ? 'sub-folders that are people, with images in them'
    : 'sub-folders that are people, with files <finger>_<impression>.<ending> in them'
}

/** Fingers that are named by position are compared only with the same; any other name may be any finger. */
export function arePartsComparable(a: string, b: string): boolean {
  return areComparable(positionOf(a), positionOf(b))
}

function positionOf(part: string): FingerPosition {
  return FINGER_POSITIONS.find((position) => position === part.toLowerCase()) ?? 'unknown'
}
