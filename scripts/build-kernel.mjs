// Assembles the WebAssembly kernels: src/engines/<folder>/<name>.wat → <name>.generated.ts beside it (bytes, in base64).
import { Buffer } from 'node:buffer'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import loadWabt from 'wabt'

const KERNELS = [
  { path: 'src/engines/search/scan-kernel', constant: 'SCAN_KERNEL_WASM' },
  { path: 'src/engines/finger/descriptor-kernel', constant: 'DESCRIPTOR_KERNEL_WASM' },
  { path: 'src/engines/finger/vote-kernel', constant: 'VOTE_KERNEL_WASM' },
]

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const wabt = await loadWabt()
for (const { path, constant } of KERNELS) {
  const source = join(root, `${path}.wat`)
  const module = wabt.parseWat(source, readFileSync(source, 'utf8'), { simd: true })
  module.validate()
  const bytes = Buffer.from(module.toBinary({}).buffer)
  module.destroy()
  writeFileSync(
    join(root, `${path}.generated.ts`),
    `// Made from ${path}.wat by scripts/build-kernel.mjs; ${bytes.length} bytes.\n` +
      `export const ${constant} = Buffer.from('${bytes.toString('base64')}', 'base64')\n`,
  )
}
