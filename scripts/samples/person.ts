import type { Body } from './body.js'
import type { BrowStyle } from './brows.js'
import type { BeardStyle } from './beard.js'
import type { Cloth } from './cloth.js'
import type { Complexion } from './complexion.js'
import type { Amounts } from './displace.js'
import type { FaceTrait } from './face-traits.js'
import type { Glasses } from './glasses.js'
import type { HairStyle } from './hair-style.js'
import type { Iris } from './iris.js'

/** Somebody who does not exist. What lasts from picture to picture; the clothes may change. */
export interface Person {
  readonly id: string // also the seed of every hair and freckle
  readonly ageYears: number
  readonly shape: Amounts<FaceTrait>
  readonly lidFold: number // depth of the upper lid's crease, 0..1
  readonly complexion: Complexion
  readonly iris: Iris
  readonly body: Body
  readonly cloth: Cloth
  readonly ear: { readonly lengthCm: number; readonly flareRad: number }
  readonly hair: HairStyle
  readonly brows: BrowStyle
  readonly lashes: number // 0 short .. 1 long
  readonly beard: BeardStyle | undefined
  readonly glasses: Glasses | undefined
}
