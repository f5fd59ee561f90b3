/**
 * Renders the samples of nobody: `node dist/scripts/samples/render.js [--out samples]`.
 * The same script gives the same bytes on the same machine.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import sharp from 'sharp'
import { buildHeadCage, type HeadCage } from './head-mesh.js'
import { photograph } from './photo.js'
import { randomFrom } from './random.js'
import { ENROLLED, STRANGERS, type Sketch } from './roster.js'
import { ENCOUNTERS, ENROLMENTS, shotOf, type Occasion } from './shots.js'
import { cloth, personFrom } from './subjects.js'

const { values: options } = parseArgs({ options: { out: { type: 'string', default: 'samples' } } })
sharp.concurrency(1)
await renderAll(options.out)

async function renderAll(out: string): Promise<void> {
  const cage = buildHeadCage()
  for (const folder of ['subjects', 'probes', 'strangers']) await mkdir(path.join(out, folder), { recursive: true })
  for (const sketch of ENROLLED) await renderSubject(cage, sketch, out)
  for (const sketch of STRANGERS) await renderStranger(cage, sketch, out)
  await writeFile(path.join(out, 'subjects.csv'), subjectsCsv())
  await writeFile(path.join(out, 'probes.csv'), probesCsv())
}

async function renderSubject(cage: HeadCage, sketch: Sketch, out: string): Promise<void> {
  await mkdir(path.join(out, 'subjects', sketch.id), { recursive: true })
  for (const [i, occasion] of ENROLMENTS.entries()) {
    await writeFile(
      path.join(out, enrolmentImage(sketch, i)),
      await picture(cage, sketch, occasion, `enrolment ${i + 1}`),
    )
  }
  for (const [i, occasion] of ENCOUNTERS.entries()) {
    await writeFile(path.join(out, probeImage(sketch, i)), await picture(cage, sketch, occasion, `probe ${i + 1}`))
  }
}

async function renderStranger(cage: HeadCage, sketch: Sketch, out: string): Promise<void> {
  for (const [i, occasion] of [ENROLMENTS[0]!, ENCOUNTERS[0]!].entries()) {
    await writeFile(
      path.join(out, strangerImage(sketch, i)),
      await picture(cage, sketch, occasion, `stranger ${i + 1}`),
    )
  }
}

/** One picture; the clothes are the day's, and glasses come off now and then. */
async function picture(cage: HeadCage, sketch: Sketch, occasion: Occasion, name: string): Promise<Buffer> {
  const seed = `${sketch.id} ${name}`
  const person = personFrom(sketch)
  const dressed = { ...person, cloth: cloth(randomFrom(`cloth ${seed}`)) }
  return photograph(cage, dressed, shotOf(occasion, seed, person.glasses !== undefined && occasion !== ENROLMENTS[1]))
}

function enrolmentImage(sketch: Sketch, i: number): string {
  return `subjects/${sketch.id}/${i + 1}.jpg`
}
function probeImage(sketch: Sketch, i: number): string {
  return `probes/${sketch.id}_${i + 1}.jpg`
}
function strangerImage(sketch: Sketch, i: number): string {
  return `strangers/${sketch.id}_${i + 1}.jpg`
}

function subjectsCsv(): string {
  const rows = ENROLLED.flatMap((sketch) =>
    ENROLMENTS.map((_, i) => [sketch.id, `SAMPLE-${sketch.id}`, sketch.name, enrolmentImage(sketch, i)].join(',')),
  )
  return ['subject_id,external_id,display_name,image', ...rows, ''].join('\n')
}

function probesCsv(): string {
  const probes = ENROLLED.flatMap((sketch) => ENCOUNTERS.map((_, i) => `${probeImage(sketch, i)},${sketch.id}`))
  const strangers = STRANGERS.flatMap((sketch) => [0, 1].map((i) => `${strangerImage(sketch, i)},`))
  return ['image,subject_id', ...probes, ...strangers, ''].join('\n')
}
