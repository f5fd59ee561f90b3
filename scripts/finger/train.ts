// `node dist/scripts/finger/train.js [file]`: trains the fingerprint matcher's constants on synthetic fingers alone and writes
// models/finger/minutiae-v1.json, byte for byte the same each time: arithmetic, square roots and V8's own (fdlibm) exp, log, sin,
// cos and atan2 are the same on every machine, and what is written is rounded far above the last bit.
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../src/cli/package-root.js'
import { EVIDENCE_NAMES } from '../../src/engines/finger/evidence.js'
import { parseFingerModel } from '../../src/engines/finger/model-file.js'
import type { FingerModel } from '../../src/engines/finger/model.js'
import { calibrate } from './calibrate.js'
import { modelText, packProjection } from './model-text.js'
import { trainEvidence } from './train-evidence.js'
import { trainProjection } from './train-projection.js'

const DESCRIPTOR_VERSION = 'minutiae-v1'
const SEED = 'portcullis minutiae v1'
const PROJECTION_FINGERS = 1500
const EVIDENCE_FINGERS = 400
const CALIBRATION_FINGERS = 400

const path = process.argv[2] ?? join(packageRoot(), 'models', 'finger', 'minutiae-v1.json')
const started = performance.now()
const projection = packProjection(trainProjection(`${SEED}/projection`, PROJECTION_FINGERS))
tell('projection')
// Everything after is trained with the projection as the file rounds it.
const described = read({ evidence: nothingKnown(), calibration: anyCalibration() })
const evidence = trainEvidence(described, `${SEED}/evidence`, EVIDENCE_FINGERS)
tell('evidence')
const calibration = calibrate({ ...described, evidence }, `${SEED}/calibration`, CALIBRATION_FINGERS)
tell('calibration')
const text = textOf({ evidence, calibration })
writeFileSync(path, text)
console.log(`${path}: ${text.length} bytes, sha256 ${createHash('sha256').update(text).digest('hex')}`)

type Trained = Pick<FingerModel, 'evidence' | 'calibration'>

function textOf(trained: Trained): string {
  return modelText({ descriptorVersion: DESCRIPTOR_VERSION, ...trained }, projection)
}

function read(trained: Trained): FingerModel {
  return parseFingerModel(Buffer.from(textOf(trained)))
}

function nothingKnown(): FingerModel['evidence'] {
  return { bias: 0, weights: new Float64Array(EVIDENCE_NAMES.length) }
}

function anyCalibration(): FingerModel['calibration'] {
  return { logOdds: Float64Array.of(0, 1), score: Float64Array.of(0, 1) }
}

function tell(step: string): void {
  console.log(`${step} after ${Math.round((performance.now() - started) / 1000)} s`)
}
