import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { without } from './without.js'

/** Beside the checkout; tests are compiled to dist/test/support. */
const DATA_FOLDER = resolve(fileURLToPath(new URL('../../..', import.meta.url)), '..', 'shared', 'data')

/** A suite over a folder of ../shared/data, which is nobody's to ship ("standards/fmr"). */
export function describeWithShared(title: string, folder: string, suite: (folder: string) => void): void {
  const path = join(DATA_FOLDER, folder)
  if (existsSync(path)) describe(title, () => suite(path))
  else without(title, `the data of ${path}`)
}
