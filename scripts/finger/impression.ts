import type { NormalisedMinutiae } from '../../src/domain/finger.js'
import type { Random } from '../samples/random.js'
import { randomContact } from './contact.js'
import { randomDistortion, turnAt } from './distortion.js'
import type { SyntheticFinger } from './finger.js'
import { randomQuality, type FoundMinutia } from './found-minutia.js'
import { spuriousMinutiae } from './spurious.js'

/** What an extractor found in one impression, and which of the skin's minutiae it is; −1 for what is none. */
export interface SyntheticImpression {
  readonly minutiae: NormalisedMinutiae
  readonly skinIndexes: Int32Array
}

/** Errors of an extractor (FINGERPRINT.md, §2.3); one in ten is three times worse. */
const JITTER_PX = 1.8
const JITTER_RAD = (7 * Math.PI) / 180
const COARSE_SHARE = 0.1
const COARSE_FACTOR = 3
const TURN_SIGMA_RAD = (12 * Math.PI) / 180
/** One finger in eight is laid on carelessly: turned and shifted twice as far. */
const CARELESS_SHARE = 0.125

/** `touch (what is in contact, how the skin is dragged) → see (missing, spurious, errors) → turn and shift`. */
export function randomImpression(finger: SyntheticFinger, random: Random): SyntheticImpression {
  const care = random.next() < CARELESS_SHARE ? 2 : 1
  const contact = randomContact(random, care)
  const distortion = randomDistortion(random, random.between(0.2, 1.8))
  const blur = random.between(0.4, 1.3)
  const flipShare = random.between(0.03, 0.25)
  const found = finger.minutiae.flatMap((minutia, skinIndex): FoundMinutia[] => {
    if (!contact.shows(minutia, minutia.clarity, random)) return []
    const coarse = blur * (random.next() < COARSE_SHARE ? COARSE_FACTOR : 1)
    const place = distortion(minutia)
    return [
      {
        x: place.x + coarse * JITTER_PX * random.normal(),
        y: place.y + coarse * JITTER_PX * random.normal(),
        angleRad:
          minutia.angleRad + turnAt(distortion, minutia, minutia.angleRad) + coarse * JITTER_RAD * random.normal(),
        type: random.next() < flipShare ? 3 - minutia.type : minutia.type,
        quality: randomQuality(0.45 + 0.4 * minutia.clarity, random),
        skinIndex,
      },
    ]
  })
  const spurious = spuriousMinutiae(finger, contact, found.length, random)
  return lay([...found, ...spurious], care, random)
}

/** Turns the finger about the middle of the pad, and brings the order that normalised minutiae have. */
function lay(found: readonly FoundMinutia[], care: number, random: Random): SyntheticImpression {
  const turn = care * TURN_SIGMA_RAD * random.normal()
  const [cosine, sine] = [Math.cos(turn), Math.sin(turn)]
  const [shiftX, shiftY] = [random.between(150, 250), random.between(200, 300)]
  const sorted = found.toSorted((a, b) => b.quality - a.quality)
  const fullTurn = 2 * Math.PI
  return {
    minutiae: {
      x: Float32Array.from(sorted, ({ x, y }) => Math.round(cosine * x - sine * y + shiftX)),
      y: Float32Array.from(sorted, ({ x, y }) => Math.round(sine * x + cosine * y + shiftY)),
      angleRad: Float32Array.from(sorted, ({ angleRad }) => {
        const angle = angleRad + turn
        return angle - fullTurn * Math.floor(angle / fullTurn)
      }),
      type: Uint8Array.from(sorted, ({ type }) => type),
      quality: Uint8Array.from(sorted, (minutia) => minutia.quality),
    },
    skinIndexes: Int32Array.from(sorted, ({ skinIndex }) => skinIndex),
  }
}
