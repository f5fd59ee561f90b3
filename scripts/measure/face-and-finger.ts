// Face and finger of one person: by the sum of log likelihood ratios, or by the tail of the summed −log10 FMR (R. A. Fisher)?
// Chimeric: people of LFW with fingers of FVC2002 and FVC2004 DB1_B. Prints two tables, and how far the first method keeps its word.
//   node dist/scripts/measure/face-and-finger.js [--lfw FOLDER] [--fvc FOLDER] [--finger CALIBRATION] [--space ensemble]
//     [--models FOLDER] [--cache FOLDER]
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packageRoot } from '../../src/cli/package-root.js'
import { dot } from '../../src/domain/template.js'
import { CalibrationCurve } from '../../src/engines/calibration/curve.js'
import { parseCalibration } from '../../src/engines/calibration/file.js'
import { fpirAtMost } from '../../src/engines/calibration/fpir.js'
import { fuse } from '../../src/engines/fusion/fuse.js'
import { curveOf, meaningOf } from './curve-of.js'
import { compareFolder, type FingerScores } from './finger-prints.js'
import { drawGalleries, type Gallery } from './galleries.js'
import { readOptions, readSides, type Person } from './lfw-people.js'
import { compareMethods, printRows, type Method, type Searches } from './rates.js'

const GALLERY_SIZE = 600
const GALLERY_COUNT = 5
const IMPRESSIONS = 8
/** Two of five subjects have no finger in the second table. */
const hasFinger = (subject: number) => subject % 5 > 1

/** Scores of one comparison; null where a part is missing. */
interface Parts {
  readonly face: number
  readonly finger: number | null
}

const options = readOptions()
const { devTest, devTrain } = await readSides(options)
const face = meaningOf(await curveOf(devTest))
const file = await readFile(options.finger ?? join(packageRoot(), 'models', 'calibration', 'minutiae-v1.json'))
const finger = meaningOf(new CalibrationCurve(parseCalibration(file)))
const databases = await Promise.all(
  ['fvc2002_db1', 'fvc2004_db1'].map((name) => compareFolder(join(options.fvc, name))),
)
const fingerCount = databases.reduce((sum, { fingers }) => sum + fingers.length, 0)

const METHODS: readonly (readonly [name: string, score: (parts: Parts) => number])[] = [
  ['tail of the summed −log10 FMR (Fisher)', (parts) => fuse([face.levelOf(parts.face), ...(parts.finger === null ? [] : [finger.levelOf(parts.finger)])])], // prettier-ignore
  ['the same, of a finger the matcher’s own score', (parts) => fuse([face.levelOf(parts.face), ...(parts.finger === null ? [] : [parts.finger])])], // prettier-ignore
  ['sum of llrs', (parts) => face.llrOf(parts.face) + (parts.finger === null ? 0 : finger.llrOf(parts.finger))],
  ['greatest llr', (parts) => Math.max(face.llrOf(parts.face), parts.finger === null ? -Infinity : finger.llrOf(parts.finger))], // prettier-ignore
  ['face only', (parts) => parts.face],
]

const galleries = drawGalleries(devTrain, GALLERY_SIZE, GALLERY_COUNT)
measure('everybody with both', () => true)
measure('two of five subjects without a finger', hasFinger)

function measure(title: string, withFinger: (subject: number) => boolean): void {
  const searched = galleries.map((gallery) => searchAll(devTrain, gallery, withFinger))
  const methods = METHODS.map(([name], at): Method => ({ name, galleries: searched.map((all) => all[at]!) }))
  // Whoever shares a finger is drawn together: of 20 fingers less is known than of 2,132 faces.
  const rows = compareMethods(methods, [Array.from({ length: fingerCount }, (_, i) => i)])
  printRows(`${options.space} and fingers, ${title}: N = ${GALLERY_SIZE}, mean of ${GALLERY_COUNT} galleries`, rows)
  printClaims(searched.map((all) => all[0]!))
}

/**
 * A fused score claims −log10 of a false match rate. At most N times that rate of the searches for nobody listed find somebody;
 * fewer where probes differ.
 */
function printClaims(searches: readonly Searches[]): void {
  const tops = searches.flatMap(({ nonMated }) => nonMated.map(({ score }) => score))
  console.log('\n| fused score | FPIR claimed, independent | FPIR measured |\n| ---: | ---: | ---: |')
  for (const score of [4, 4.5, 5]) {
    const claimed = fpirAtMost(10 ** -score, GALLERY_SIZE)
    const measured = tops.filter((top) => top >= score).length / tops.length
    console.log(`| ${score} | ${(claimed * 100).toFixed(2)} % | ${(measured * 100).toFixed(2)} % |`)
  }
}

/** @returns for each method its searches; "people" are fingers */
function searchAll(
  people: readonly Person[],
  { enrolled, strangers }: Gallery,
  withFinger: (subject: number) => boolean,
): readonly Searches[] {
  const searches = METHODS.map(() => ({
    mated: [] as { person: number; score: number }[],
    nonMated: [] as { person: number; score: number }[],
  }))
  const put = (list: 'mated' | 'nonMated', person: number, candidates: readonly Parts[]) =>
    METHODS.forEach(([, score], at) => {
      searches[at]![list].push({
        person: person % fingerCount,
        score: candidates.reduce((top, one) => Math.max(top, score(one)), -Infinity),
      })
    })
  for (const person of enrolled)
    people[person]!.features.slice(1).forEach((probe, photo) => {
      const finger = withFinger(person) ? matedFinger(person, photo) : null
      put('mated', person, [{ face: dot(probe, people[person]!.features[0]!), finger }])
    })
  for (const person of strangers) {
    const compared = enrolled.map((subject): Parts => ({
      face: dot(people[person]!.features[0]!, people[subject]!.features[0]!),
      finger: withFinger(subject) ? nonMatedFinger(person, subject) : null,
    }))
    put('nonMated', person, compared)
  }
  return searches
}

/** The database and the finger of a person: there are 20, so that people share them. */
function fingerOf(person: number): { readonly database: FingerScores; readonly prints: readonly number[] } {
  const number = person % fingerCount
  const database = databases[number % databases.length]!
  return { database, prints: database.fingers[Math.floor(number / databases.length)]! }
}

function impressionOf(person: number): number {
  return Math.floor(person / fingerCount) % IMPRESSIONS
}

/** Two impressions of a person's finger; another one for each photograph. */
function matedFinger(person: number, photo: number): number {
  const { database, prints } = fingerOf(person)
  const reference = impressionOf(person)
  const probe = (reference + 1 + (photo % (IMPRESSIONS - 1))) % IMPRESSIONS
  return database.scores[prints[probe]!]![prints[reference]!]!
}

/** A stranger's impression against one of a subject: of the same sensor, and of another finger. */
function nonMatedFinger(person: number, subject: number): number {
  const { database, prints } = fingerOf(person)
  const others = database.fingers.filter((own) => own !== prints).flat()
  return database.scores[prints[impressionOf(person)]!]![others[subject % others.length]!]!
}
