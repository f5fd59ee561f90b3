import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { LIMITS } from '../../domain/limits.js'
import { CliError, systemCode } from '../failure.js'
import { fingerNameOf } from '../fingers/finger-names.js'
import { stem, subjectOfName } from './names.js'
import { plannedSample } from './planned-sample.js'
import { SAMPLES_MAX, tooMany, type EnrolPlan, type PlannedSample, type PlannedSubject } from './planned.js'

/**
 * A folder of subjects: each sub-folder is one subject with its samples; a file beside them belongs to the subject that it
 * is named for. Sub-folders are not searched any deeper. Subjects and samples come in alphabetical order, so that a run can
 * be compared with the one before.
 */
export async function planFolder(folder: string): Promise<EnrolPlan> {
  const draft = new Draft()
  for (const entry of await list(folder)) {
    if (!entry.isDirectory()) draft.add(resolve(folder, entry.name), ownerOf)
    else
      for (const { name } of await list(join(folder, entry.name)))
        draft.add(resolve(folder, entry.name, name), () => entry.name)
  }
  if (draft.subjects.size === 0)
    throw new CliError(
      'INPUT_UNREADABLE',
      'the folder holds no images (.jpg, .png, .webp, .tif) and no fingerprints (.fmr, .fmd, .iso, .ansi, .wsq, .bmp)',
      { field: 'path' },
    )
  return { subjects: [...draft.subjects.values()], ignoredCount: draft.ignoredCount }
}

/** Gathers files under the subjects that own them. */
class Draft {
  readonly subjects = new Map<string, PlannedSubject & { readonly samples: PlannedSample[] }>()
  ignoredCount = 0
  #sampleCount = 0

  /** @param nameOf whose a sample is; asked only when the file is one */
  add(path: string, nameOf: (path: string) => string): void {
    const sample = plannedSample(path)
    if (sample === null) {
      this.ignoredCount += 1
      return
    }
    if (++this.#sampleCount > SAMPLES_MAX) throw tooMany('samples', SAMPLES_MAX)
    const { subjectId, displayName } = subjectOfName(nameOf(path))
    const subject = this.subjects.get(subjectId) ?? { subjectId, externalId: '', displayName, samples: [] }
    if (subject.samples.length === LIMITS.encountersPerSubjectMax)
      throw tooMany('samples of one subject', LIMITS.encountersPerSubjectMax)
    subject.samples.push(sample)
    this.subjects.set(subjectId, subject)
  }
}

/** Of a file beside the sub-folders: "QDi.1.jpg" and "QDi.1_right-index.fmr" are of QDi.1. */
function ownerOf(path: string): string {
  const named = fingerNameOf(path)
  if (named === null) return stem(path)
  if (named.owner !== '') return named.owner
  throw new CliError(
    'INPUT_UNREADABLE',
    'a file beside the sub-folders is named for a finger alone: put it into its subject’s folder, or name it as in QDi.1_right-index.fmr',
    { field: 'path' },
  )
}

async function list(folder: string) {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    const visible = entries.filter((entry) => !entry.name.startsWith('.'))
    return visible.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    throw new CliError('INPUT_UNREADABLE', `a folder cannot be read (${systemCode(error)})`, { field: 'path' })
  }
}
