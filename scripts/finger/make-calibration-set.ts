// `node dist/scripts/finger/make-calibration-set.js FOLDER [--fingers 250] [--impressions 3] [--seed …]`: writes templates of synthetic
// fingers, <finger>_<impression>.fmr, the same bytes each time; `portcullis calibrate --modality finger --folder FOLDER` reads them.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { writeFingerRecord } from '../../src/engines/finger/formats/write.js'
import { onSensor } from '../samples/finger-sensor.js'
import { randomFrom } from '../samples/random.js'
import { randomFinger } from './finger.js'
import { randomImpression } from './impression.js'

/** Fewer are refused as too little to compare (`MINUTIAE_MIN` of the finger analyser), so no score of them is told. */
const MINUTIAE_MIN = 8
const TRIES_MAX = 20

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    fingers: { type: 'string', default: '250' },
    impressions: { type: 'string', default: '3' },
    seed: { type: 'string', default: 'portcullis finger calibration v1' }, // not the matcher's: it must not have seen these
  },
})
const [folder] = positionals
const [fingerCount, impressionCount] = [Number(values.fingers), Number(values.impressions)]
if (folder === undefined || !(fingerCount >= 1 && fingerCount <= 999 && impressionCount >= 1 && impressionCount <= 99))
  throw new Error('expected FOLDER [--fingers 1 to 999] [--impressions 1 to 99] [--seed TEXT]')
await mkdir(folder, { recursive: true })
for (let number = 1; number <= fingerCount; number++) {
  const random = randomFrom(`${values.seed}/${number}`)
  const finger = randomFinger(random)
  for (let impression = 1; impression <= impressionCount; impression++) {
    const name = `${String(number).padStart(3, '0')}_${impression}.fmr`
    await writeFile(join(folder, name), writeFingerRecord({ views: [captured()] }, 'iso-19794-2-2005'))
  }

  /** A station asks for the finger again until it sees enough. */
  function captured() {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const view = onSensor(randomImpression(finger, random).minutiae, 'unknown')
      if (view.minutiae.length >= MINUTIAE_MIN) return view
    }
    throw new Error('a finger shows too few minutiae: take another seed')
  }
}
