/** Uniform in [0, 1): Tommy Ettinger's mulberry32, 32 bits of state. For draws that can be repeated, never for secrets. */
export function seededRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** `count` of the items, or all when there are fewer, each as likely as any other (Fisher and Yates). */
export function draw<T>(items: readonly T[], count: number, random: () => number): readonly T[] {
  const drawn = [...items]
  const end = Math.min(count, drawn.length)
  for (let i = 0; i < end; i++) {
    const j = i + Math.floor(random() * (drawn.length - i))
    const kept = drawn[i]!
    drawn[i] = drawn[j]!
    drawn[j] = kept
  }
  return drawn.slice(0, end)
}

/** The template with noise of this Euclidean norm (about, in many dimensions) in every direction, norm 1 again. */
export function disturbed(features: Float32Array, noiseNorm: number, random: () => number): Float32Array {
  const spread = noiseNorm / Math.sqrt(features.length)
  const noisy = Float64Array.from(features, (value) => value + spread * normal(random))
  const norm = Math.hypot(...noisy)
  return Float32Array.from(noisy, (value) => value / norm)
}

/** Standard normal (Box and Muller). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
