// What `npm start` and `npm test` do first: install and build, each only when something changed since the last time.
// Plain JavaScript on Node's own modules: it runs before anything is installed.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const lockStamp = join(root, 'node_modules', '.portcullis-installed')

checkNode()
if (!isInstalled()) install()
npm(['run', '--silent', 'build'])

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 9)) return
  console.error(`Portcullis needs Node 20.9 or later; this is ${process.versions.node}.`)
  process.exit(1)
}

function isInstalled() {
  return existsSync(lockStamp) && readFileSync(lockStamp, 'utf8') === lockHash()
}

function install() {
  console.error('Installing packages from the npm registry and compiling two of them (about two minutes) …')
  npm(['ci', '--no-fund', '--no-audit', '--loglevel=error'])
  writeFileSync(lockStamp, lockHash())
}

/** Another Node version needs its native packages compiled again. */
function lockHash() {
  const lock = readFileSync(join(root, 'package-lock.json'))
  return createHash('sha256').update(lock).update(process.version).digest('hex')
}

function npm(args) {
  const result = spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2], env: { ...process.env, ...headers() } })
  if (result.status === 0) return
  console.error(`\`npm ${args.join(' ')}\` failed${result.error ? `: ${result.error.message}` : ''}.`)
  process.exit(1)
}

/** Native packages are compiled against the headers that came with this Node, where it has them: no download. */
function headers() {
  const prefix = join(dirname(process.execPath), '..')
  return existsSync(join(prefix, 'include', 'node', 'node_api.h')) ? { npm_config_nodedir: prefix } : {}
}
