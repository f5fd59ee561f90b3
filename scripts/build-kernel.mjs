// Assembles the scan kernel: src/engines/search/scan-kernel.wat → src/engines/search/scan-kernel.generated.ts (bytes, in base64).
import { Buffer } from 'node:buffer'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import loadWabt from 'wabt'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const source = join(root, 'src', 'engines', 'search', 'scan-kernel.wat')
const wabt = await loadWabt()
const module = wabt.parseWat(source, readFileSync(source, 'utf8'), { simd: true })
module.validate()
const bytes = Buffer.from(module.toBinary({}).buffer)
module.destroy()
writeFileSync(
  join(root, 'src', 'engines', 'search', 'scan-kernel.generated.ts'),
  `// Made from src/engines/search/scan-kernel.wat by scripts/build-kernel.mjs; ${bytes.length} bytes.\n` +
    `export const SCAN_KERNEL_WASM = Buffer.from('${bytes.toString('base64')}', 'base64')\n`,
)
