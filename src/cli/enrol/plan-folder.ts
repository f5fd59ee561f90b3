import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { LIMITS } from '../../domain/limits.js'
import { CliError, systemCode } from '../failure.js'
import { isImageName, stem, subjectOfName } from './names.js'
import { IMAGES_MAX, tooMany, type EnrolPlan, type PlannedSubject } from './planned.js'

/**
 * A folder of subjects: each sub-folder is one subject with its images, each image beside them is its own subject.
 * Sub-folders are not searched any deeper. Subjects and images come in alphabetical order, so that a run can be
 * compared with the one before.
 */
export async function planFolder(folder: string): Promise<EnrolPlan> {
  const subjects = new Map<string, PlannedSubject>()
  let ignoredCount = 0
  let imageCount = 0
  const add = (name: string, imagePaths: readonly string[]) => {
    imageCount += imagePaths.length
    if (imageCount > IMAGES_MAX) throw tooMany('images', IMAGES_MAX)
    const { subjectId, displayName } = subjectOfName(name)
    const all = [...(subjects.get(subjectId)?.imagePaths ?? []), ...imagePaths]
    if (all.length > LIMITS.encountersPerSubjectMax)
      throw tooMany('images of one subject', LIMITS.encountersPerSubjectMax)
    subjects.set(subjectId, { subjectId, externalId: '', displayName, imagePaths: all })
  }
  for (const entry of await list(folder)) {
    if (entry.isDirectory()) {
      const names = (await list(join(folder, entry.name))).map((file) => file.name)
      const images = names.filter(isImageName)
      ignoredCount += names.length - images.length
      if (images.length > 0)
        add(
          entry.name,
          images.map((name) => resolve(folder, entry.name, name)),
        )
    } else if (isImageName(entry.name)) add(stem(entry.name), [resolve(folder, entry.name)])
    else ignoredCount += 1
  }
  if (subjects.size === 0)
    throw new CliError('INPUT_UNREADABLE', 'the folder holds no images (.jpg, .png, .webp, .tif)', { field: 'path' })
  return { subjects: [...subjects.values()], ignoredCount }
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
