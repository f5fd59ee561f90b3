import { both, middle, type Push } from './displace.js'

/**
 * What tells one face from another, each as pushes on the undeformed head. Amount ±1 is about one and a half
 * standard deviations of adults (bizygomatic width 13.5 ± 0.7 cm, nose width 3.5 ± 0.4, pupil distance 6.3 ± 0.35;
 * the usual anthropometric tables), so that 16 people spread as far as 16 quite different people do.
 */
export const FACE_TRAITS = {
  jawWidth: [both([6.4, -5, -1], [3, 3.2, 4], [0.62, 0, 0])],
  jawAngle: [both([6.6, -5.2, -1.5], [2, 2, 2.5], [0.35, -0.6, -0.1])],
  jawLine: [both([4.4, -7.6, 1.8], [2, 1.8, 2.4], [0.34, -0.2, 0.1])],
  chinLength: [middle([0, -9, 4], [4.2, 2.6, 4], [0, -0.8, 0])],
  chinForward: [middle([0, -8.3, 4.8], [2.4, 1.8, 3], [0, 0, 0.65])],
  chinWidth: [both([1.9, -8.4, 4.2], [1.5, 1.5, 2], [0.5, 0, 0.15])],
  chinCleft: [middle([0, -8.2, 5.1], [0.3, 0.8, 1], [0, 0, -0.2])],
  cheekbone: [both([5.4, 0.4, 2.4], [1.9, 1.6, 2.4], [0.45, 0.1, 0.4])],
  cheekFull: [both([4.6, -3, 2.8], [2.2, 2.4, 2.6], [0.65, 0, 0.4])],
  skullWidth: [both([7.6, 4, -3], [3.5, 7, 7], [0.6, 0, 0])],
  faceWidth: [both([6, -1, 0], [4.5, 7, 6], [0.6, 0, 0])],
  temple: [both([6.6, 5.2, 0.8], [1.8, 2.4, 2.6], [0.45, 0, 0.15])],
  foreheadHigh: [middle([0, 9, 2], [9, 3.6, 8], [0, 0.9, 0])],
  foreheadSlope: [middle([0, 8, 4], [5, 2.8, 4], [0, 0, -0.7])],
  browRidge: [both([2.6, 4.1, 5], [2.4, 0.9, 2], [0, -0.1, 0.42]), middle([0, 4, 5.3], [1.2, 0.8, 1.6], [0, 0, 0.2])],
  browHeight: [both([3, 4.6, 4.6], [2.6, 0.9, 2], [0, 0.42, 0.05])],
  browTilt: [both([4.9, 4.5, 3.6], [1.4, 0.9, 2], [0, 0.45, 0]), both([1.4, 4.5, 5.1], [1, 0.8, 1.6], [0, -0.2, 0])],
  eyeSpacing: [both([3.15, 2.9, 3.8], [2.2, 1.9, 3], [0.36, 0, 0])],
  eyeDepth: [both([3.1, 2.8, 3.8], [2, 1.4, 2.4], [0, 0, -0.42])],
  eyeSize: [
    both([3.15, 3.05, 3.8], [1.6, 0.55, 1.5], [0, 0.17, 0], { above: 2.62 }),
    both([3.15, 2.2, 3.8], [1.6, 0.55, 1.5], [0, -0.1, 0], { below: 2.62 }),
    both([4.5, 2.66, 3.2], [0.7, 0.7, 1.2], [0.26, 0, 0]),
    both([1.86, 2.6, 3.8], [0.5, 0.6, 1.2], [-0.1, 0, 0]),
  ],
  eyeTilt: [both([4.4, 2.7, 3.3], [1, 0.8, 1.6], [0, 0.3, 0]), both([1.9, 2.6, 3.8], [0.7, 0.6, 1.2], [0, -0.12, 0])],
  lidHood: [
    both([3.3, 3.5, 4.1], [1.6, 0.4, 1.2], [0, -0.3, 0.22]),
    both([3.2, 3, 3.9], [1.4, 0.25, 1], [0, -0.12, 0.02], { above: 2.7 }),
  ],
  eyeBag: [both([3.1, 1.5, 4], [1.3, 0.5, 1.5], [0, -0.05, 0.2])],
  noseLength: [middle([0, -1.2, 6.6], [2.6, 1.9, 3.4], [0, -0.55, 0.05])],
  noseWidth: [both([1.5, -1.2, 5.5], [0.9, 1, 1.4], [0.38, 0, 0])],
  noseBridge: [middle([0, 2.4, 5.8], [0.9, 2, 1.8], [0, 0, 0.55])],
  bridgeWidth: [both([0.75, 1.6, 5.6], [0.6, 2, 1.4], [0.22, 0, 0])],
  noseHump: [middle([0, 1.5, 6.5], [0.7, 0.9, 1.4], [0, 0, 0.4])],
  noseTipUp: [middle([0, -0.7, 7.4], [1.1, 0.9, 1.3], [0, 0.42, 0.05])],
  noseTipSize: [
    both([0.6, -0.7, 7], [0.6, 0.8, 1], [0.2, 0, 0.05]),
    middle([0, -0.9, 7.4], [0.8, 0.8, 0.9], [0, -0.12, 0.1]),
  ],
  noseProject: [middle([0, -0.6, 7.3], [1.6, 1.8, 2], [0, 0, 0.6])],
  mouthWidth: [both([2.45, -4.33, 4.3], [1.3, 1.5, 2], [0.45, 0, -0.08])],
  mouthHeight: [middle([0, -4.3, 5.4], [3.6, 1.7, 3], [0, 0.42, 0])],
  mouthCorner: [both([2.5, -4.35, 4.3], [0.8, 0.8, 1.4], [0, 0.24, 0])],
  lipUpper: [middle([0, -3.5, 5.9], [2.1, 0.42, 1.5], [0, 0.3, 0.22], { above: -3.95 })],
  lipLower: [middle([0, -5.2, 5.6], [1.9, 0.5, 1.5], [0, -0.3, 0.24], { below: -4.6 })],
  lipProject: [middle([0, -4.3, 5.6], [2.2, 1.2, 1.8], [0, 0, 0.42])],
  cupidBow: [
    both([0.55, -3.4, 6], [0.4, 0.35, 1], [0, 0.12, 0.04]),
    middle([0, -3.4, 6], [0.25, 0.35, 1], [0, -0.1, 0]),
  ],
  // Age lets the flesh sink: jowls beside the chin, hollow temples and eyes, a longer nose and thinner lips.
  sag: [
    both([4.1, -7.2, 2.4], [1.2, 1.2, 1.8], [0.3, -0.3, 0.1]),
    both([4.6, -2.2, 3], [1.4, 1.8, 2], [-0.2, -0.2, -0.15]),
    both([6.5, 4.6, 0.6], [1.4, 1.6, 2], [-0.25, 0, -0.15]),
    both([3.4, 3.4, 4.1], [1.5, 0.45, 1.2], [0.05, -0.16, 0.02]),
    both([3, 1.3, 4.1], [1.1, 0.4, 1.2], [0, -0.08, 0.14]),
    middle([0, -1, 7.2], [1.4, 1, 1.6], [0, -0.2, 0]),
  ],
} satisfies Record<string, readonly Push[]>

export type FaceTrait = keyof typeof FACE_TRAITS

/** What every face needs: the template's eyes stand half closed, and its lips half open. */
export const TEMPLATE_FIXES: readonly Push[] = [
  both([3.15, 3.0, 3.85], [1.5, 0.42, 1.2], [0, 0.17, 0.03], { above: 2.63 }),
  both([3.2, 2.25, 3.7], [1.4, 0.42, 1.2], [0, -0.07, 0], { below: 2.6 }),
  middle([0, -3.95, 5.1], [2, 0.5, 1.6], [0, -0.27, 0.04], { above: -4.26 }),
  middle([0, -4.6, 5.4], [2, 0.5, 1.6], [0, 0.27, -0.04], { below: -4.26 }),
]
