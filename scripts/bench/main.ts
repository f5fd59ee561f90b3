// `npm run bench [-- face|accuracy|import|search|finger]`: measures, prints Markdown, and puts it between the marks of README.md, the model card or
// a file in docs. `search --full` measures what takes hours too.
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { packageRoot } from '../../src/cli/package-root.js'
import { benchAccuracy } from './accuracy.js'
import { benchFace } from './face.js'
import { benchFinger } from './finger/bench-finger.js'
import { benchImport } from './import.js'
import { benchSearch } from './search/bench-search.js'

const BENCHES: Readonly<Record<string, (root: string) => Promise<string>>> = {
  face: benchFace,
  accuracy: benchAccuracy,
  import: benchImport,
  finger: benchFinger,
  search: (root) => benchSearch(root, process.argv.includes('--full')),
}

/** Where the figures stand, when it is not README.md alone. */
const FILES: Readonly<Record<string, readonly string[]>> = {
  accuracy: ['README.md', join('models', 'README.md')],
  search: [join('docs', 'search.md')],
  finger: [join('docs', 'finger.md')],
}

const root = packageRoot()
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const unknown = wanted.find((name) => !(name in BENCHES))
if (unknown !== undefined) {
  console.error(`There is no bench "${unknown}": ${Object.keys(BENCHES).join(', ')}.`)
  process.exit(1)
}
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const text = `${await bench(root)}\n\n${machine(name)}`
  console.log(text)
  for (const file of FILES[name] ?? ['README.md']) putInto(file, name, text)
}

function machine(name: string): string {
  return `Measured by \`npm run bench -- ${name}\` on ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), Node ${process.versions.node}. Compare ratios, not times.`
}

/** Replaces what stands between <!-- bench:name --> and <!-- /bench:name -->. */
function putInto(file: string, name: string, text: string): void {
  const path = join(root, file)
  const readme = readFileSync(path, 'utf8')
  const marks = new RegExp(`(<!-- bench:${name} -->)[^]*?(<!-- /bench:${name} -->)`)
  if (!marks.test(readme)) throw new Error(`${file} has no marks for the bench ${name}`)
  writeFileSync(
    path,
    readme.replace(marks, (_, open: string, close: string) => `${open}\n\n${text}\n\n${close}`),
  )
}
