import { aFace as syntheticFace, anImageOf } from '../../support/synthetic-analyser.js'

// Samples as a client sends them: each says which face it shows, see `SyntheticAnalyser`.

/** One face whose template stands at `angleDeg`. */
export function aFace(angleDeg: number): Buffer {
  return Buffer.from(syntheticFace(angleDeg))
}

export function noFace(): Buffer {
  return Buffer.from(anImageOf())
}

export function severalFaces(): Buffer {
  return Buffer.from(anImageOf({ angleDeg: 0 }, { angleDeg: 90 }))
}

export function notAnImage(): Buffer {
  return Buffer.from([0xff, 0xd8, 0xff, 0x00])
}
