/** Codes lie within ±127. */
const CODE_MAX = 127
/** Of random bits in a code; the rarest of 65,536 equally likely values lies at 4.3 deviations. */
const LEVELS = 2 ** 16
const REACH = 4.4
/** Of the numerical integral. */
const STEPS_PER_CODE = 64

/** Standard normal numbers, rounded to int8: a code times `step` has mean 0 and variance 1. */
export interface NormalCodes {
  readonly step: number
  /** Fills the array with independent codes. */
  fill(codes: Int8Array): void
}

/**
 * Two codes of each 32 random bits, by a table of the inverse distribution: 384 codes take 1 µs. Sums of a hundred of them and more
 * are as normal as those of exact numbers.
 */
export function normalCodes(seed: number): NormalCodes {
  const random = randomBits(seed)
  return {
    step: STEP,
    fill(codes) {
      let i = 0
      for (; i + 1 < codes.length; i += 2) {
        const bits = random()
        codes[i] = TABLE[bits & 0xffff]!
        codes[i + 1] = TABLE[bits >>> 16]!
      }
      if (i < codes.length) codes[i] = TABLE[random() & 0xffff]!
    },
  }
}

/** Chris Doty-Humphrey's sfc32 (PractRand, public domain): 128 bits of state, quick, and long enough for a million templates. */
function randomBits(seed: number): () => number {
  let [a, b, c, counter] = [seed | 0, 0x9e3779b9 | 0, 0x243f6a88, 1]
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum
  }
  for (let i = 0; i < 16; i++) next() // so that like seeds part
  return next
}

const TABLE = inverseTable()
const STEP = 1 / Math.sqrt(TABLE.reduce((sum, code) => sum + code * code, 0) / LEVELS)

/** Level i holds the code at the share (i + ½) / 65,536 of the normal distribution; symmetric. */
function inverseTable(): Int8Array {
  const [table, shares] = [new Int8Array(LEVELS), sharesBelow()]
  let code = -CODE_MAX
  for (let level = 0; level < LEVELS / 2; level++) {
    while ((level + 0.5) / LEVELS > shares[code + CODE_MAX]!) code++
    table[level] = code
    table[LEVELS - 1 - level] = -code
  }
  return table
}

/** For each code from −127 on, the share of the distribution below its upper edge. */
function sharesBelow(): readonly number[] {
  const width = REACH / CODE_MAX
  const masses = Array.from({ length: 2 * CODE_MAX + 1 }, (_, i) => {
    let mass = 0
    for (let step = 0; step < STEPS_PER_CODE; step++)
      mass += Math.exp(-(((i - CODE_MAX - 0.5 + (step + 0.5) / STEPS_PER_CODE) * width) ** 2) / 2)
    return mass
  })
  const total = masses.reduce((sum, mass) => sum + mass, 0)
  let below = 0
  return masses.map((mass) => (below += mass) / total)
}
