import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readCsv } from '../../../src/cli/enrol/read-csv.js'
import { PACKAGE_ROOT } from '../weights.js'

/** The rendered faces of nobody that come with the checkout. */
export const SAMPLES_FOLDER = join(PACKAGE_ROOT, 'samples')

export interface SampleSubject {
  readonly subjectId: string
  readonly images: readonly Buffer[]
}

export interface SampleProbe {
  readonly image: Buffer
  /** '' for a stranger. */
  readonly subjectId: string
}

/** samples/subjects.csv with its images, in the order of the file. */
export async function readSampleSubjects(): Promise<readonly SampleSubject[]> {
  const images = new Map<string, Buffer[]>()
  const rows = readCsv(join(SAMPLES_FOLDER, 'subjects.csv'), ['subject_id', 'image'], ['external_id', 'display_name'])
  for await (const { cells } of rows) {
    const subjectId = cells.subject_id ?? ''
    const image = await readFile(join(SAMPLES_FOLDER, cells.image ?? ''))
    images.set(subjectId, [...(images.get(subjectId) ?? []), image])
  }
  return [...images].map(([subjectId, ofSubject]) => ({ subjectId, images: ofSubject }))
}

/** samples/probes.csv with its images, in the order of the file. */
export async function readSampleProbes(): Promise<readonly SampleProbe[]> {
  const probes: SampleProbe[] = []
  for await (const { cells } of readCsv(join(SAMPLES_FOLDER, 'probes.csv'), ['image', 'subject_id'], [])) {
    const image = await readFile(join(SAMPLES_FOLDER, cells.image ?? ''))
    probes.push({ image, subjectId: cells.subject_id ?? '' })
  }
  return probes
}
