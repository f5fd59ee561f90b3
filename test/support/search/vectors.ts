import { dot } from '../../../src/domain/template.js'
import { mulberry32 } from '../random-vectors.js'

/** Uniform in [0, 1). */
export type Random = () => number

/** Ways in which vectors can be: those of faces, and those that are hard on a quantiser or on the order of an answer. */
export const MANNERS = [
  'identities', // five samples of each identity, with a power-law spectrum
  'uniform',
  'one-hot', // one component holds nearly everything: the others vanish in 8 bits
  'heavy-tailed', // cubes of normals: a few components clip
  'mixed-range', // rows whose greatest component is tiny beside rows where it is huge: one step fits only one kind
  'hostile', // every component halfway between two codes: the greatest error that rounding can make
  'duplicates', // a handful of vectors, over and over: nothing but ties
  'near-duplicates', // differences of about a float32's last bit
] as const
export type Manner = (typeof MANNERS)[number]

/** Unit vectors in one manner; the same seed gives the same ones. */
export function vectorsOf(manner: Manner, count: number, featureCount: number, seed: number): readonly Float32Array[] {
  const random = mulberry32(seed)
  const centres = Array.from({ length: Math.ceil(count / 5) }, () => spectrum(featureCount, random))
  const few = centres.slice(0, 7).map(unit)
  const draw: Readonly<Record<Manner, (n: number) => Float32Array>> = {
    identities: (n) => add(centres[Math.floor(n / 5)]!, spectrum(featureCount, random), 0.6),
    uniform: () => normals(featureCount, random),
    'one-hot': () => oneHot(featureCount, random),
    'heavy-tailed': () => normals(featureCount, random).map((value) => value ** 3),
    'mixed-range': (n) => (n % 50 === 0 ? oneHot(featureCount, random) : signs(featureCount, random)),
    hostile: () => halfway(featureCount, random),
    duplicates: (n) => few[n % few.length]!,
    'near-duplicates': (n) => add(few[n % few.length]!, normals(featureCount, random), 1e-7),
  }
  return Array.from({ length: count }, (_, n) => unit(draw[manner](n)))
}

export function unit(vector: Float32Array): Float32Array {
  const norm = Math.sqrt(dot(vector, vector))
  return vector.map((value) => value / norm)
}

/** a + weight · b */
export function add(a: Float32Array, b: Float32Array, weight: number): Float32Array {
  return a.map((value, i) => value + weight * b[i]!)
}

export function normals(featureCount: number, random: Random): Float32Array {
  return Float32Array.from({ length: featureCount }, () => normal(random))
}

export function oneHot(featureCount: number, random: Random): Float32Array {
  const vector = normals(featureCount, random).map((value) => value * 1e-4)
  vector[Math.floor(random() * featureCount)] = random() < 0.5 ? 1 : -1
  return vector
}

function spectrum(featureCount: number, random: Random): Float32Array {
  return normals(featureCount, random).map((value, i) => value / Math.sqrt(i + 1))
}

function signs(featureCount: number, random: Random): Float32Array {
  return Float32Array.from({ length: featureCount }, () => (random() < 0.5 ? 1 : -1))
}

/** The first component sets the step (127 codes), the others lie at 0.5, 1.5 or 2.5 codes. */
function halfway(featureCount: number, random: Random): Float32Array {
  const vector = signs(featureCount, random).map((sign) => sign * (0.5 + Math.floor(random() * 3)))
  vector[0] = 127
  return vector
}

/** Standard normal (Box–Muller). */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
