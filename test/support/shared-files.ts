import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const CHECKOUT = resolve(fileURLToPath(new URL('../../..', import.meta.url)))
/** Files of others, which stay outside the checkout. */
const SHARED_FOLDERS = [resolve(CHECKOUT, '..', 'shared'), '/work/shared']

/** A suite over files under ../shared/. Without them it is skipped, and says so; on a CI machine it fails instead. */
export function describeWithShared(title: string, path: string, suite: (folder: string) => void): void {
  const folder = SHARED_FOLDERS.map((root) => join(root, path)).find((candidate) => existsSync(candidate))
  if (folder !== undefined) return void describe(title, () => suite(folder))
  const sentence = `Not tested: ${title}. It needs the files of ../shared/${path}.`
  if (process.env.CI) {
    it(title, () => {
      throw new Error(sentence)
    })
    return
  }
  console.warn(sentence)
  describe.skip(title, () => {
    it('needs files that are not here', () => undefined)
  })
}
