// `npm run bench [-- face|accuracy]`: measures, prints Markdown, and puts it between the marks of README.md.
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { packageRoot } from '../../src/cli/package-root.js'
import { benchAccuracy } from './accuracy.js'
import { benchFace } from './face.js'

const BENCHES: Readonly<Record<string, (root: string) => Promise<string>>> = {
  face: benchFace,
  accuracy: benchAccuracy,
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
  putIntoReadme(name, text)
}

function machine(name: string): string {
  return `Measured by \`npm run bench -- ${name}\` on ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), Node ${process.versions.node}. Compare ratios, not times.`
}

/** Replaces what stands between <!-- bench:name --> and <!-- /bench:name -->. */
function putIntoReadme(name: string, text: string): void {
  const path = join(root, 'README.md')
  const readme = readFileSync(path, 'utf8')
  const marks = new RegExp(`(<!-- bench:${name} -->)[^]*?(<!-- /bench:${name} -->)`)
  if (!marks.test(readme)) throw new Error(`README.md has no marks for the bench ${name}`)
  writeFileSync(
    path,
    readme.replace(marks, (_, open: string, close: string) => `${open}\n\n${text}\n\n${close}`),
  )
}
