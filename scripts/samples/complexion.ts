import type { Vec3 } from './vec.js'

/** How a person's skin looks. Amounts 0..1 unless said otherwise. */
export interface Complexion {
  readonly melanin: number // 0 very fair .. 1 very dark
  readonly redness: number // blood near the surface of cheeks, nose and ears
  readonly freckles: number
  readonly spots: number // moles and age spots
  readonly shine: number // oil of forehead, nose and cheekbones
  readonly stubble: number // shaven beard's shade
  readonly lipColour: number // −0.1 pale .. 0 bare .. 1 lipstick
  readonly texture: number // pores and unevenness
  readonly seed: number // moves the pattern, so that no two people share their moles
}

const FAIR: Vec3 = [0.64, 0.435, 0.335] // linear reflectance of very fair skin, after spectral measurements
const ABSORPTION: Vec3 = [1.72, 2.02, 2.25] // per unit melanin; blue is taken up most

/** Reflectance of bare skin before any marks. */
export function skinBase(melanin: number): Vec3 {
  return [
    FAIR[0] * Math.exp(-melanin * ABSORPTION[0]),
    FAIR[1] * Math.exp(-melanin * ABSORPTION[1]),
    FAIR[2] * Math.exp(-melanin * ABSORPTION[2]),
  ]
}
