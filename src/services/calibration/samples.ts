import { DomainError, invalid } from '../../domain/errors.js'
import type { PairList } from '../evaluation/pairs.js'

/** A file of the calibration's data, and whose sample it is. */
export interface PersonFile {
  /** Relative to the data's folder, with "/". */
  readonly name: string
  readonly person: string
}

/** What a folder of people holds; other files are left alone. */
const IMAGE = /\.(jpe?g|png|webp|tiff?)$/i
const IMPRESSION = /^(?<finger>[^/\\]+)_\d+\.[^./\\]+$/

/**
 * The images that a list of pairs names, each once, in the order of their names; a person is a folder.
 * @throws DomainError INVALID_ARGUMENT where pairs and folders do not say the same of who is who
 */
export function filesOfPairs({ pairs }: PairList): readonly PersonFile[] {
  for (const { probe, reference, mated } of pairs)
    if ((personOf(probe) === personOf(reference)) !== mated)
      throw invalid('pairs', 'a folder for each person: mated pairs within one, others across two', 'another list')
  const names = new Set(pairs.flatMap(({ probe, reference }) => [probe, reference]))
  return [...names].sort().map((name) => ({ name, person: personOf(name) }))
}

function personOf(name: string): string {
  const person = name.slice(0, Math.max(0, name.lastIndexOf('/')))
  if (person === '') throw invalid('pairs', 'images in a folder for each person', 'one that lies in none')
  return person
}

/** Images in a sub-folder for each person; `names` are relative to the folder of all. */
export function filesOfPeople(names: readonly string[]): readonly PersonFile[] {
  const files = names.toSorted().flatMap((name) => {
    const [person, file, more] = name.split('/')
    return person !== undefined && file !== undefined && more === undefined && IMAGE.test(file)
      ? [{ name, person }]
      : []
  })
  return checked(files, 'images in a sub-folder for each person')
}

/** Impressions `<finger>_<impression>.<ending>`; a finger stands for a person. */
export function filesOfFingers(names: readonly string[]): readonly PersonFile[] {
  const files = names.toSorted().flatMap((name) => {
    const finger = IMPRESSION.exec(name)?.groups?.finger
    return finger === undefined ? [] : [{ name, person: finger }]
  })
  return checked(files, 'files <finger>_<impression>.<ending>')
}

function checked(files: readonly PersonFile[], expected: string): readonly PersonFile[] {
  if (files.length === 0) throw new DomainError('INVALID_ARGUMENT', expected, 'none', { field: 'folder' })
  return files
}
