import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** The sample images of enrolment: what every clone has, so that everybody's bench measures the same. */
export function sampleImages(root: string): readonly Uint8Array[] {
  const folder = join(root, 'samples', 'subjects')
  return readdirSync(folder)
    .sort()
    .flatMap((subject) => readdirSync(join(folder, subject)).map((file) => join(folder, subject, file)))
    .sort()
    .map((path) => readFileSync(path))
}
