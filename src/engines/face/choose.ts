import type { Refusal } from '../../domain/analysis.js'
import type { DetectedFace } from '../../domain/face.js'
import type { MultiFacePolicy } from '../../domain/gallery.js'
import type { RgbImage } from '../../domain/image.js'

/** A face whose box is less than a third as wide as the largest one is a bystander: reported, and not counted. */
const BYSTANDER_RATIO = 1 / 3

export type Choice = { readonly indexes: readonly number[] } | { readonly refusal: Refusal }

/**
 * Decides which faces are used.
 * @param faces the largest first
 * @returns positions in `faces`, or why none is used
 */
export function chooseFaces(faces: readonly DetectedFace[], image: RgbImage, policy: MultiFacePolicy): Choice {
  if (faces.length === 0)
    return refusal('NO_FACE', 'No face was found: show one face, frontal, unobstructed and at least 40 pixels wide.')
  const prominent = prominentIndexes(faces)
  switch (policy) {
    case 'reject-several':
      return prominent.length === 1
        ? { indexes: prominent }
        : refusal('MULTIPLE_FACES', `${prominent.length} faces were found: show only one person.`)
    case 'largest':
      return { indexes: [0] }
    case 'most-central':
      return { indexes: [mostCentral(faces, image)] }
    case 'all':
      return { indexes: faces.map((_, index) => index) }
  }
}

/** Positions of the faces that are no bystanders. */
export function prominentIndexes(faces: readonly DetectedFace[]): readonly number[] {
  const widest = Math.max(...faces.map((face) => face.box.width))
  return faces.flatMap((face, index) => (face.box.width >= widest * BYSTANDER_RATIO ? [index] : []))
}

/** The face whose middle is nearest to the image's middle, in units of its own width. */
function mostCentral(faces: readonly DetectedFace[], image: RgbImage): number {
  const offsets = faces.map(({ box }) => {
    const dx = box.x + box.width / 2 - image.widthPx / 2
    const dy = box.y + box.height / 2 - image.heightPx / 2
    return Math.hypot(dx, dy) / box.width
  })
  return offsets.indexOf(Math.min(...offsets))
}

function refusal(code: Refusal['code'], reason: string): Choice {
  return { refusal: { code, reasons: [reason] } }
}
