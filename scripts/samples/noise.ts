/** Smooth lattice noise in space, about −1..1, period-free for our sizes. Quintic fade, hashed value lattice. */
export function noise(x: number, y: number, z: number): number {
  const xi = Math.floor(x)
  const yi = Math.floor(y)
  const zi = Math.floor(z)
  const u = fade(x - xi)
  const v = fade(y - yi)
  const w = fade(z - zi)
  const near = square(xi, yi, zi, u, v)
  return near + (square(xi, yi, zi + 1, u, v) - near) * w
}

/** Sum of octaves, each half as strong and twice as fine. */
export function fractal(x: number, y: number, z: number, octaves: number): number {
  let sum = 0
  let strength = 1
  let total = 0
  let fineness = 1
  for (let octave = 0; octave < octaves; octave++) {
    sum += strength * noise(x * fineness + 17 * octave, y * fineness, z * fineness - 31 * octave)
    total += strength
    strength *= 0.5
    fineness *= 2.03
  }
  return sum / total
}

/** A number in 0..1 that belongs to one cell of the lattice. */
export function cellHash(x: number, y: number, z: number): number {
  let h = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ Math.imul(z, 0x9e3779b1)
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296
}

const fade = (t: number): number => t * t * t * (t * (t * 6 - 15) + 10)

function square(x: number, y: number, z: number, u: number, v: number): number {
  const a = cellHash(x, y, z)
  const b = cellHash(x, y + 1, z)
  const low = a + (cellHash(x + 1, y, z) - a) * u
  const high = b + (cellHash(x + 1, y + 1, z) - b) * u
  return 2 * (low + (high - low) * v) - 1
}
