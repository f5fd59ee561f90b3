// Does normalising scores by those of people who are not in the gallery lower FNIR at the same FPIR? Prints two tables.
//   node dist/scripts/measure/score-normalisation.js [--lfw FOLDER] [--space ensemble] [--models FOLDER] [--cache FOLDER]
import { dot } from '../../src/domain/template.js'
import { drawGalleries, strataOf, type Gallery } from './galleries.js'
import { readOptions, readSides, type Person } from './lfw-people.js'
import { compareMethods, printRows, type Method, type Searches } from './rates.js'

const GALLERY_COUNT = 5
/** All of the cohort, or the most similar of it (adaptive). */
const TOPS = [Infinity, 300, 100, 20] as const

/** Of one template's scores. */
interface Statistics {
  readonly mean: number
  readonly deviation: number
}

/** What a normalisation knows of a comparison. */
interface Compared {
  readonly score: number
  /** Against the cohort, for each of `TOPS`. */
  readonly probe: readonly Statistics[]
  readonly reference: readonly Statistics[]
  /** Of the probe against the gallery: all but the best, and ranks 2 to 11. */
  readonly gallery: Statistics
  readonly runnersUp: number
}

const standard = (score: number, { mean, deviation }: Statistics) => (score - mean) / deviation

/** The usual names: R. Auckenthaler et al., Digital Signal Processing 10, 2000; Z. N. Karam et al., Interspeech 2011. */
const METHODS: readonly (readonly [name: string, normalise: (compared: Compared) => number])[] = [
  ['raw cosine', ({ score }) => score],
  ['Z-norm (reference against cohort)', ({ score, reference }) => standard(score, reference[0]!)],
  ['T-norm (probe against cohort)', ({ score, probe }) => standard(score, probe[0]!)],
  ...TOPS.map(
    (top, i) =>
      [
        top === Infinity ? 'S-norm' : `adaptive S-norm, top ${top}`,
        ({ score, probe, reference }: Compared) => standard(score, probe[i]!) + standard(score, reference[i]!),
      ] as const,
  ),
  ['cosine − half the means of the top 20, both', ({ score, probe, reference }) => score - (probe[3]!.mean + reference[3]!.mean) / 2], // prettier-ignore
  ['probe against this gallery', ({ score, gallery }) => standard(score, gallery)],
  ['cosine − mean of ranks 2 to 11', ({ score, runnersUp }) => score - runnersUp],
]

const options = readOptions()
const { devTest, devTrain } = await readSides(options)
measure('people of pairsDevTrain, cohort of pairsDevTest', devTrain, devTest, 600)
measure('people of pairsDevTest, cohort of pairsDevTrain', devTest, devTrain, 300)

function measure(title: string, people: readonly Person[], cohortPeople: readonly Person[], size: number): void {
  const cohort = cohortPeople.map(({ features }) => features[0]!)
  const statistics = people.map(({ features }) => features.map((own) => cohortStatistics(own, cohort)))
  const searched = drawGalleries(people, size, GALLERY_COUNT).map((gallery) => searchAll(people, statistics, gallery))
  const methods = METHODS.map(([name], at): Method => ({ name, galleries: searched.map((all) => all[at]!) }))
  const lead = `${options.space}, ${title}: N = ${size}, mean of ${GALLERY_COUNT} galleries`
  printRows(lead, compareMethods(methods, strataOf(people)))
}

function cohortStatistics(own: Float32Array, cohort: readonly Float32Array[]): readonly Statistics[] {
  const descending = Float64Array.from(cohort, (other) => dot(own, other)).sort().reverse() // prettier-ignore
  return TOPS.map((top) => statisticsOf(descending.subarray(0, top)))
}

function statisticsOf(values: Float64Array): Statistics {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return { mean, deviation: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) }
}

/** @returns for each method its searches */
function searchAll(
  people: readonly Person[],
  statistics: readonly (readonly (readonly Statistics[])[])[],
  { enrolled, strangers }: Gallery,
): readonly Searches[] {
  const searches = METHODS.map(() => ({
    mated: [] as { person: number; score: number }[],
    nonMated: [] as { person: number; score: number }[],
  }))
  const search = (person: number, photo: number, mateAt: number | null) => {
    const scores = enrolled.map((reference) => dot(people[person]!.features[photo]!, people[reference]!.features[0]!))
    const descending = Float64Array.from(scores).sort().reverse()
    const known = {
      probe: statistics[person]![photo]!,
      gallery: statisticsOf(descending.subarray(1)),
      runnersUp: statisticsOf(descending.subarray(1, 11)).mean,
    }
    const compared = enrolled.map((reference, i) => ({ ...known, score: scores[i]!, reference: statistics[reference]![0]! })) // prettier-ignore
    METHODS.forEach(([, normalise], method) => {
      if (mateAt !== null) searches[method]!.mated.push({ person, score: normalise(compared[mateAt]!) })
      else searches[method]!.nonMated.push({ person, score: compared.reduce((top, one) => Math.max(top, normalise(one)), -Infinity) }) // prettier-ignore
    })
  }
  enrolled.forEach((person, at) => {
    for (let photo = 1; photo < people[person]!.features.length; photo++) search(person, photo, at)
  })
  for (const person of strangers) search(person, 0, null)
  return searches
}
