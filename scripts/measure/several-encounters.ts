// Several photographs of a listed person: which way of using them misses fewest at the same FPIR? Prints two tables.
//   node dist/scripts/measure/several-encounters.js [--lfw FOLDER] [--space ensemble] [--models FOLDER] [--cache FOLDER]
import { dot } from '../../src/domain/template.js'
import { strataOf } from './galleries.js'
import { curveOf, meaningOf } from './curve-of.js'
import { readOptions, readSides, type Person } from './lfw-people.js'
import { compareMethods, printRows, type Method, type Searches } from './rates.js'

/** Whoever has three photographs or more gives the first two to the gallery and the others to the probes; who has two, both to the gallery. */
const ENROLLED_EACH = 2
/** Cosines of one probe with the references of a subject, and their log10 likelihood ratios. */
interface Compared {
  readonly cosines: readonly number[]
  readonly llrs: readonly number[]
  /** With the mean of the references, of norm 1. */
  readonly toMean: number
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

const METHODS: readonly (readonly [name: string, score: (compared: Compared) => number])[] = [
  ['best of two templates', ({ cosines }) => Math.max(...cosines)],
  ['the first template only', ({ cosines }) => cosines[0]!],
  ['average template', ({ toMean }) => toMean],
  ['mean cosine', ({ cosines }) => sum(cosines) / cosines.length],
  ['sum of llrs', ({ llrs }) => sum(llrs)],
  ['greatest llr', ({ llrs }) => Math.max(...llrs)],
  ['mean likelihood ratio', ({ llrs }) => Math.log10(sum(llrs.map((llr) => 10 ** llr)) / llrs.length)],
]

const options = readOptions()
const { devTest, devTrain } = await readSides(options)
await measure('people of pairsDevTrain', devTrain, devTest)
await measure('people of pairsDevTest', devTest, devTrain)

/** @param calibrated the people whom the likelihood ratios come from */
async function measure(title: string, people: readonly Person[], calibrated: readonly Person[]): Promise<void> {
  const { llrOf } = meaningOf(await curveOf(calibrated))
  const [several, strangers] = strataOf(people)
  const means = several.map((person) => meanOf(people[person]!.features.slice(0, ENROLLED_EACH)))
  const compare = (probe: Float32Array, at: number): Compared => {
    const cosines = people[several[at]!]!.features.slice(0, ENROLLED_EACH).map((own) => dot(probe, own))
    return { cosines, llrs: cosines.map(llrOf), toMean: dot(probe, means[at]!) }
  }
  const mated = several.flatMap((person, at) =>
    people[person]!.features.slice(ENROLLED_EACH).map((probe) => ({ person, compared: compare(probe, at) })),
  )
  const nonMated = strangers.map((person) => ({
    person,
    compared: several.map((_, at) => compare(people[person]!.features[0]!, at)),
  }))
  const methods = METHODS.map(([name, score]): Method => {
    const searches: Searches = {
      mated: mated.map(({ person, compared }) => ({ person, score: score(compared) })),
      nonMated: nonMated.map(({ person, compared }) => ({ person, score: Math.max(...compared.map(score)) })),
    }
    return { name, galleries: [searches] }
  })
  const probers = several.filter((person) => people[person]!.features.length > ENROLLED_EACH)
  const counts = `N = ${several.length} with ${ENROLLED_EACH} templates each, ${mated.length} mated probes of ${probers.length} people, ${strangers.length} strangers`
  printRows(`${options.space}, ${title}: ${counts}`, compareMethods(methods, [probers, strangers]))
}

function meanOf(features: readonly Float32Array[]): Float32Array {
  const total = Float32Array.from(features[0]!, (_, i) => sum(features.map((own) => own[i]!)))
  const norm = Math.sqrt(dot(total, total))
  return total.map((value) => value / norm)
}
