import { both, middle, type Push } from './displace.js'

/** What a face does for a moment, on top of its traits. Amount 1 is a clear expression, not a grimace. */
export const EXPRESSIONS = {
  smile: [
    both([2.5, -4.35, 4.3], [1.1, 1, 1.6], [0.42, 0.4, -0.22]),
    both([4.3, -0.6, 3.7], [1.7, 1.3, 2], [0.05, 0.28, 0.26]),
    both([3.2, 2.1, 3.9], [1.3, 0.35, 1.2], [0, 0.1, 0.04], { below: 2.6 }),
    middle([0, -4.3, 5.6], [1.6, 0.9, 1.6], [0, 0.05, -0.16]),
    both([3.1, -2.6, 4.4], [0.5, 1.3, 1.2], [0.05, 0, -0.12]),
  ],
  parted: [
    middle([0, -5.2, 5.4], [2, 1.2, 2], [0, -0.3, -0.05], { below: -4.26 }),
    middle([0, -8.6, 4.4], [4, 2.6, 4], [0, -0.2, -0.05]),
  ],
  pressed: [
    middle([0, -4.3, 5.7], [2.2, 0.9, 1.6], [0, 0, -0.16]),
    middle([0, -3.5, 6], [2, 0.35, 1.4], [0, -0.08, 0], { above: -4.1 }),
  ],
  browsUp: [
    both([3, 4.7, 4.6], [3, 1.2, 2.4], [0, 0.38, 0.03]),
    both([3.1, 3.2, 4], [1.4, 0.4, 1.2], [0, 0.1, 0], { above: 2.7 }),
  ],
  frown: [both([1.4, 4.6, 5.1], [1.2, 0.9, 1.6], [-0.18, -0.26, 0.08])],
  squint: [
    both([3.15, 3.05, 3.85], [1.5, 0.4, 1.2], [0, -0.13, 0], { above: 2.63 }),
    both([3.15, 2.1, 3.8], [1.5, 0.45, 1.2], [0, 0.12, 0.03], { below: 2.6 }),
  ],
} satisfies Record<string, readonly Push[]>

export type Expression = keyof typeof EXPRESSIONS
