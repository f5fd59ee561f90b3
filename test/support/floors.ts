import { builtinModules } from 'node:module'
import { posix } from 'node:path'
import ts from 'typescript'

/** What the files of one floor may import. Paths begin at the checkout ("src/domain/face.ts"). */
interface Floor {
  /** Folders; `itself` stands for the file's own one ("src/adapters/image/"). */
  readonly folders: readonly string[]
  /** npm packages: a list, or how many different ones. */
  readonly packages: readonly string[] | { readonly countMax: number }
  /** Modules of Node itself. */
  readonly builtins: readonly string[] | 'any'
}

const GRPC = ['@grpc/grpc-js', '@grpc/proto-loader', '@grpc/reflection', 'grpc-health-check']
const UPPER = ['src/domain/', 'src/services/', 'itself', 'src/generated/']

/** The table of DESIGN.md. Folders under src/adapters/ are floors of their own; files directly in src/ may import anything. */
const FLOORS: Readonly<Record<string, Floor>> = {
  'src/domain/': { folders: ['src/domain/'], packages: [], builtins: [] },
  'src/engines/': { folders: ['src/domain/', 'src/engines/'], packages: [], builtins: ['node:crypto'] },
  'src/adapters/': { folders: ['src/domain/', 'itself', 'src/generated/'], packages: { countMax: 1 }, builtins: 'any' },
  'src/services/': {
    folders: ['src/domain/', 'src/services/'],
    packages: [],
    builtins: ['node:crypto', 'node:timers/promises'],
  },
  'src/api/': { folders: UPPER, packages: GRPC, builtins: 'any' },
  'src/console/': {
    folders: UPPER,
    packages: [],
    builtins: 'any',
  },
  'src/cli/': {
    folders: UPPER,
    packages: ['@grpc/grpc-js', '@grpc/proto-loader', 'commander', 'cli-progress', 'cli-table3', 'csv-parse'],
    builtins: 'any',
  },
  'src/generated/': { folders: ['src/generated/'], packages: GRPC, builtins: 'any' },
}

/** Checks sources by path against the table; one sentence for each violation, none when all is well. */
export function floorViolations(sources: ReadonlyMap<string, string>): readonly string[] {
  const imports = new Map([...sources].map(([path, text]) => [path, importsOf(path, text)]))
  const broken = [...imports].flatMap(([path, targets]) =>
    targets.flatMap((target) => violation(path, target, sources)),
  )
  return [...broken, ...packageCounts(imports), ...cycles(imports)]
}

/** Everything that a file imports, of whatever kind: own files as paths, packages and Node's modules by name. */
export function importsOf(path: string, text: string): readonly string[] {
  const specifiers: string[] = []
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node)
    if (specifier !== undefined) specifiers.push(specifier)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true))
  return specifiers.map((specifier) => (specifier.startsWith('.') ? ownFile(path, specifier) : packageOf(specifier)))
}

/** import …, export … from, import(…), type import(…), require(…), import x = require(…) */
function specifierOf(node: ts.Node): string | undefined {
  let specifier: ts.Node | undefined
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) specifier = node.moduleSpecifier
  else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) specifier = node.argument.literal
  else if (ts.isExternalModuleReference(node)) specifier = node.expression
  else if (ts.isCallExpression(node) && isImporting(node.expression)) specifier = node.arguments[0]
  if (specifier === undefined) return undefined
  return ts.isStringLiteralLike(specifier) ? specifier.text : 'a computed import'
}

function isImporting(callee: ts.Expression): boolean {
  return callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require')
}

function ownFile(from: string, specifier: string): string {
  return posix.join(posix.dirname(from), specifier).replace(/\.js$/, '.ts')
}

/** "@grpc/grpc-js/build/x" → "@grpc/grpc-js"; "fs" → "node:fs" */
function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier
  if (builtinModules.includes(specifier)) return `node:${specifier}`
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

function isOwn(target: string): boolean {
  return target.startsWith('src/') || target.startsWith('..')
}

/** "src/adapters/image/" for an adapter, "src/api/" for the rest, "" for the composition root. */
function folderOf(path: string): string {
  const [, floor, inner, ...rest] = path.split('/')
  if (floor === undefined || inner === undefined) return ''
  return floor === 'adapters' && rest.length > 0 ? `src/adapters/${inner}/` : `src/${floor}/`
}

function floorOf(path: string): Floor | undefined {
  return FLOORS[folderOf(path).replace(/^src\/adapters\/.*/, 'src/adapters/')]
}

function violation(path: string, target: string, sources: ReadonlyMap<string, string>): readonly string[] {
  if (isOwn(target) && !sources.has(target)) return [`${path} imports ${target}, which is not there`]
  if (folderOf(path) === '') return [] // the composition root
  const floor = floorOf(path)
  if (floor === undefined) return [`${path} is on no floor of the table`]
  return isAllowed(floor, path, target) ? [] : [`${path} may not import ${target}`]
}

function isAllowed(floor: Floor, path: string, target: string): boolean {
  if (isOwn(target))
    return floor.folders.some((folder) => target.startsWith(folder === 'itself' ? folderOf(path) : folder))
  if (target.startsWith('node:')) return floor.builtins === 'any' || floor.builtins.includes(target)
  return 'countMax' in floor.packages || floor.packages.includes(target)
}

/** Folders with more different packages than their floor allows. */
function packageCounts(imports: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const packages = new Map<string, Set<string>>()
  for (const [path, targets] of imports)
    for (const target of targets)
      if (!isOwn(target) && !target.startsWith('node:'))
        packages.set(folderOf(path), (packages.get(folderOf(path)) ?? new Set()).add(technologyOf(target)))
  return [...packages].flatMap(([folder, names]) => {
    const allowed = floorOf(`${folder}x.ts`)?.packages
    const countMax = allowed !== undefined && 'countMax' in allowed ? allowed.countMax : Infinity
    return names.size > countMax ? [`${folder} imports ${names.size} packages: ${[...names].sort().join(', ')}`] : []
  })
}

/** gRPC comes as several packages of one scope. */
function technologyOf(name: string): string {
  return name.startsWith('@grpc/') ? '@grpc' : name
}

/** Import cycles, each once, by depth-first search. Cycles within generated code are its generator's business. */
function cycles(imports: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const found: string[] = []
  const done = new Set<string>()
  const visit = (path: string, way: readonly string[]): void => {
    const start = way.indexOf(path)
    if (start >= 0) found.push(`import cycle: ${[...way.slice(start), path].join(' → ')}`)
    if (start >= 0 || done.has(path)) return
    for (const target of imports.get(path) ?? []) if (imports.has(target)) visit(target, [...way, path])
    done.add(path)
  }
  for (const path of imports.keys()) if (!path.startsWith('src/generated/')) visit(path, [])
  return found
}
