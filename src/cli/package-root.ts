import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The folder that holds `proto/`: the checkout or the installed package, wherever this file was compiled to.
 * @throws Error when the installation is incomplete
 */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'proto', 'portcullis', 'v1'))) {
    if (dirname(folder) === folder) throw new Error('the proto folder is not beside the program')
    folder = dirname(folder)
  }
  return folder
}
