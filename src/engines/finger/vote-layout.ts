import { INDEXED_MAX, type FingerFeatures } from './features.js'
import { DESCRIPTOR_LENGTH } from './model.js'

/*
 * How descriptors lie in memory for the voting kernel (vote-kernel.wat).
 *
 * A reference is one row: three groups of 16 minutiae; in a group, for each pair of descriptor features 16 bytes, one code (0 to
 * 15) for each minutia; then 16 directions. A probe minutia is a table: for each pair of features 16 entries, what each code
 * would add to the similarity; then the start of the sum 16 times, then the directions that it may be compared with.
 */
const GROUP_SIZE = 16
const PAIR_COUNT = DESCRIPTOR_LENGTH / 2
/** Offset of the directions within a group. */
const DIRECTIONS_AT = PAIR_COUNT * GROUP_SIZE
const GROUP_BYTES = DIRECTIONS_AT + GROUP_SIZE
export const ROW_BYTES = (INDEXED_MAX / GROUP_SIZE) * GROUP_BYTES
const START_AT = PAIR_COUNT * 16
const ALLOWED_AT = START_AT + 16
export const TABLE_BYTES = ALLOWED_AT + 16

/** The probe's best minutiae vote (FINGERPRINT.md, §2.1); more take more time, and add little (`npm run bench -- finger`). */
export const VOTERS_MAX = 32

/** Features in units of their mean square root 1/√64, rounded to the four levels that lose least of a normal distribution
 * (Max, "Quantizing for minimum distortion", IRE Trans. IT-6, 1960, table I). */
const LEVELS = [-1.51, -0.4528, 0.4528, 1.51] as const
const LEVEL_EDGE = 0.9816
const FEATURE_UNIT = 1 / Math.sqrt(DESCRIPTOR_LENGTH)

/**
 * Similarities are bytes: ZERO + SCALE · cosine. SCALE is the greatest at which no sum leaves the byte: a probe's table adds
 * at most SCALE · 1.51 (all features alike, by Cauchy–Schwarz) and half a step of rounding for each of 32 entries: 125.
 */
export const SIMILARITY_ZERO = 128
export const SIMILARITY_SCALE = 72

/** Directions in 16 bins; 255 marks an empty place, which no probe minutia is compared with. */
const BIN_COUNT = 16
const EMPTY = 255
/** As the comparer's own gate (local-similarity.ts), taken at the middle of the bin. */
const TURN_MAX_RAD = Math.PI / 2

/** Writes a reference's row. Minutiae without neighbours leave their place empty: they are like nothing. */
export function writeRow(features: FingerFeatures, row: Uint8Array): void {
  row.fill(EMPTY)
  for (let minutia = 0; minutia < features.indexedCount; minutia++) {
    const at = Math.floor(minutia / GROUP_SIZE) * GROUP_BYTES + (minutia % GROUP_SIZE)
    const descriptor = descriptorOf(features, minutia)
    for (let pair = 0; pair < PAIR_COUNT; pair++)
      row[at + pair * GROUP_SIZE] = (levelOf(descriptor[2 * pair]!) << 2) | levelOf(descriptor[2 * pair + 1]!)
    if (descriptor.some((value) => value !== 0)) row[at + DIRECTIONS_AT] = binOf(features.angleRad[minutia]!)
  }
}

/** How many of an impression's minutiae vote. */
export function voterCount({ indexedCount }: FingerFeatures): number {
  return Math.min(indexedCount, VOTERS_MAX)
}

/** The tables of an impression's voters, one after the other. */
export function tablesOf(features: FingerFeatures): Uint8Array {
  const tables = new Uint8Array(voterCount(features) * TABLE_BYTES)
  for (let minutia = 0; minutia < voterCount(features); minutia++)
    writeTable(features, minutia, tables.subarray(minutia * TABLE_BYTES, (minutia + 1) * TABLE_BYTES))
  return tables
}

function writeTable(features: FingerFeatures, minutia: number, table: Uint8Array): void {
  const descriptor = descriptorOf(features, minutia)
  let start = SIMILARITY_ZERO
  for (let pair = 0; pair < PAIR_COUNT; pair++) {
    const entries = Array.from({ length: 16 }, (_, code) => {
      const sum = descriptor[2 * pair]! * LEVELS[code >> 2]! + descriptor[2 * pair + 1]! * LEVELS[code & 3]!
      return Math.round(SIMILARITY_SCALE * FEATURE_UNIT * sum)
    })
    const least = Math.min(...entries)
    entries.forEach((entry, code) => (table[pair * 16 + code] = entry - least))
    start += least
  }
  table.fill(start, START_AT, START_AT + 16)
  for (let bin = 0; bin < BIN_COUNT; bin++) {
    const turn = Math.abs((2 * Math.PI * (bin + 0.5)) / BIN_COUNT - features.angleRad[minutia]!)
    table[ALLOWED_AT + bin] = Math.min(turn, 2 * Math.PI - turn) <= TURN_MAX_RAD ? 255 : 0
  }
}

function descriptorOf({ descriptors }: FingerFeatures, minutia: number): Float32Array {
  return descriptors.subarray(minutia * DESCRIPTOR_LENGTH, (minutia + 1) * DESCRIPTOR_LENGTH)
}

function levelOf(feature: number): number {
  const isOuter = Math.abs(feature) > LEVEL_EDGE * FEATURE_UNIT
  if (feature < 0) return isOuter ? 0 : 1
  return isOuter ? 3 : 2
}

function binOf(angleRad: number): number {
  return Math.min(BIN_COUNT - 1, Math.max(0, Math.floor((angleRad / (2 * Math.PI)) * BIN_COUNT)))
}
