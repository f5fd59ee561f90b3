/** A seeded source of numbers: the same seed gives the same person, on every machine and every day. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  /** Uniform in [low, high). */
  between(low: number, high: number): number
  /** Normal with mean 0 and deviation 1, cut at ±2.5 so that nobody falls off the human range. */
  normal(): number
  pick<T>(choices: readonly T[]): T
}

/** mulberry32 (Tommy Ettinger, public domain), seeded by a text through FNV-1a. */
export function randomFrom(seedText: string): Random {
  let state = hashText(seedText)
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const normal = (): number => {
    const value = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
    return Math.max(-2.5, Math.min(2.5, value))
  }
  return {
    next,
    between: (low, high) => low + (high - low) * next(),
    normal,
    pick: (choices) => choices[Math.floor(next() * choices.length)]!,
  }
}

function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash
}
