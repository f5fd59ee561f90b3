/**
 * Makes the fingerprint samples of nobody: `node dist/scripts/samples/render-fingers.js [--out samples]`.
 * The same script gives the same bytes; the random numbers of each finger come from its subject's id and its position.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { FingerPosition, FingerView } from '../../src/domain/finger.js'
import { writeFingerRecord } from '../../src/engines/finger/formats/write.js'
import { randomFinger } from '../finger/finger.js'
import { randomImpression } from '../finger/impression.js'
import { onSensor } from './finger-sensor.js'
import { randomFrom } from './random.js'
import { ENROLLED, STRANGERS, type Sketch } from './roster.js'

const POSITIONS: readonly FingerPosition[] = ['right-index', 'left-index']
const PROBES_PER_FINGER = 2
/**
 * A station asks for the finger again until it sees this many minutiae, whoever lays it on. The generator's smallest
 * prints show 5, which is nobody's sample: a full print holds 20 and more even when it is poor (see `MINUTIAE_MIN` of
 * the finger analyser).
 */
const MINUTIAE_MIN = 20
const TRIES_MAX = 20
/** Probes of this finger go with a face image of the same visit; those of the other are searched alone. */
const FINGER_WITH_FACE: FingerPosition = 'right-index'

const { values: options } = parseArgs({ options: { out: { type: 'string', default: 'samples' } } })
await renderFingers(options.out)

async function renderFingers(out: string): Promise<void> {
  const [subjects, probes] = [['subject_id,finger,image'], ['subject_id,finger,template,image']]
  for (const { id } of ENROLLED)
    for (const position of POSITIONS) {
      const [enrolled, ...later] = impressionsOf(id, position, 1 + PROBES_PER_FINGER)
      const file = `fingers/subjects/${id}/${position}.fmr`
      await put(out, file, enrolled)
      subjects.push([id, position, file].join(','))
      for (const [i, impression] of later.entries()) {
        const probe = `fingers/probes/${id}_${position}_${i + 1}.fmr`
        await put(out, probe, impression)
        probes.push([id, position, probe, faceOf('probes', id, position, i)].join(','))
      }
    }
  for (const { id } of STRANGERS)
    for (const position of POSITIONS) {
      const probe = `fingers/strangers/${id}_${position}.fmr`
      await put(out, probe, impressionsOf(id, position, 1)[0])
      probes.push(['', position, probe, faceOf('strangers', id, position, 0)].join(','))
    }
  await writeFile(path.join(out, 'fingers.csv'), [...subjects, ''].join('\n'))
  await writeFile(path.join(out, 'finger-probes.csv'), [...probes, ''].join('\n'))
}

/** ISO/IEC 19794-2:2005 records of one finger, laid on the sensor several times. */
function impressionsOf(id: Sketch['id'], position: FingerPosition, count: number): readonly Uint8Array[] {
  const random = randomFrom(`finger ${id} ${position}`)
  const finger = randomFinger(random)
  return Array.from({ length: count }, () => {
    const view = captured(() => onSensor(randomImpression(finger, random).minutiae, position))
    return writeFingerRecord({ views: [view] }, 'iso-19794-2-2005')
  })
}

function captured(capture: () => FingerView): FingerView {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const view = capture()
    if (view.minutiae.length >= MINUTIAE_MIN) return view
  }
  throw new Error('a finger shows too few minutiae: give it another seed')
}

/** The face image of the same visit, as `render.ts` names it; '' where the finger goes alone. */
function faceOf(folder: 'probes' | 'strangers', id: string, position: FingerPosition, visit: number): string {
  return position === FINGER_WITH_FACE ? `${folder}/${id}_${visit + 1}.jpg` : ''
}

async function put(out: string, file: string, bytes: Uint8Array | undefined): Promise<void> {
  if (bytes === undefined) throw new Error('an impression is missing')
  await mkdir(path.dirname(path.join(out, file)), { recursive: true })
  await writeFile(path.join(out, file), bytes)
}
