import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the clone, from wherever the tests were compiled to. */
export const packageRoot = findRoot(dirname(fileURLToPath(import.meta.url)))

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'proto')) && existsSync(join(folder, 'docs'))) return folder
  if (dirname(folder) === folder) throw new Error('no folder above the tests holds proto/ and docs/')
  return findRoot(dirname(folder))
}
