/** Unit vectors of uniform direction; the same seed gives the same ones. */
export function randomUnitVectors(count: number, featureCount: number, seed: number): readonly Float32Array[] {
  const random = mulberry32(seed)
  return Array.from({ length: count }, () => {
    const vector = Float32Array.from({ length: featureCount }, () => normal(random))
    const norm = Math.hypot(...vector)
    return vector.map((value) => value / norm)
  })
}

/** Uniform in [0, 1): Tommy Ettinger's mulberry32, 32 bits of state. */
export function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Standard normal (Box–Muller). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
