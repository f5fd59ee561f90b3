import type { HairStyle } from './hair-style.js'

type Cut = Omit<HairStyle, 'colour' | 'grey' | 'seed' | 'recede' | 'bald'>

const straight = { curlCm: 0, curlTurnsPerCm: 0, frizz: 0.35, tied: false, gravity: 1, perCm2: 42 } as const

/** Haircuts by name; colour and hairline belong to the person. */
export const HAIRCUTS = {
  buzz: { ...straight, topCm: 0.5, sideCm: 0.28, backCm: 0.28, fringeCm: 0.45, parting: undefined, combBack: -0.3, lift: 0.7, perCm2: 90 },
  short: { ...straight, topCm: 4.2, sideCm: 1.4, backCm: 1.6, fringeCm: 4.5, parting: -3, combBack: -0.25, lift: 0.3, gravity: 0.6 },
  swept: { ...straight, topCm: 6.5, sideCm: 2, backCm: 2.5, fringeCm: 7, parting: 2.8, combBack: 0.7, lift: 0.4, gravity: 0.5 },
  crop: { ...straight, topCm: 3, sideCm: 1, backCm: 1, fringeCm: 3.4, parting: undefined, combBack: -0.8, lift: 0.25, gravity: 0.5 },
  coils: { ...straight, topCm: 4.5, sideCm: 2.2, backCm: 3, fringeCm: 4, parting: undefined, combBack: 0.1, lift: 1, gravity: 0, curlCm: 0.35, curlTurnsPerCm: 0.75, frizz: 0.7, perCm2: 50 },
  afro: { ...straight, topCm: 8.5, sideCm: 7, backCm: 8, fringeCm: 7, parting: undefined, combBack: 0, lift: 1, gravity: 0, curlCm: 0.32, curlTurnsPerCm: 0.8, frizz: 0.8, perCm2: 55 },
  curly: { ...straight, topCm: 13, sideCm: 15, backCm: 17, fringeCm: 12, parting: 1.5, combBack: 0.3, lift: 0.75, gravity: 0.75, curlCm: 0.7, curlTurnsPerCm: 0.3, frizz: 0.6, perCm2: 44 },
  bob: { ...straight, topCm: 20, sideCm: 13, backCm: 14, fringeCm: 18, parting: -1.6, combBack: 0.12, lift: 0.3 },
  fringe: { ...straight, topCm: 17, sideCm: 14, backCm: 18, fringeCm: 5, parting: 0.3, combBack: -0.1, lift: 0.15 },
  long: { ...straight, topCm: 28, sideCm: 24, backCm: 26, fringeCm: 27, parting: 0.8, combBack: 0.22, lift: 0.25 },
  waves: { ...straight, topCm: 27, sideCm: 22, backCm: 25, fringeCm: 25, parting: -2, combBack: 0.3, lift: 0.45, curlCm: 0.8, curlTurnsPerCm: 0.14 },
  tied: { ...straight, topCm: 15, sideCm: 12, backCm: 8, fringeCm: 17, parting: undefined, combBack: 1, lift: 0.05, tied: true, gravity: 0.1, frizz: 0.12 },
} satisfies Record<string, Cut> // prettier-ignore

export type Haircut = keyof typeof HAIRCUTS
