import { DomainError } from '../../domain/errors.js'

/** One comparison with its ground truth. Image names are paths relative to the images' folder. */
export interface Pair {
  readonly probe: string
  readonly reference: string
  readonly mated: boolean
  /** Which fold the pair belongs to, from 0. */
  readonly fold: number
  /** Demographic groups of the two people; null where the list tells none apart. */
  readonly groups: readonly [probe: string, reference: string] | null
}

export interface PairList {
  readonly pairs: readonly Pair[]
  readonly foldCount: number
  /** Whether the file itself says the folds (LFW's view 2); otherwise pairs were dealt into ten in their order. */
  readonly foldsFromFile: boolean
}

const DEFAULT_FOLDS = 10
const PAIRS_MAX = 1_000_000
const CSV_HEADERS: ReadonlySet<string> = new Set(
  ['image_a,image_b,mated', 'a,b,mated'].flatMap((header) => [header, `${header},group_a,group_b`]),
)

/**
 * Reads a list of pairs: LFW's format (http://vis-www.cs.umass.edu/lfw/README.txt; "N" or "folds<TAB>N" in the first
 * line, then N mated and N non-mated lines for each fold), or CSV with the header `image_a,image_b,mated` or `a,b,mated` (mated 0 or 1),
 * and `,group_a,group_b` after it where groups are told apart.
 * @throws DomainError PARSE_ERROR naming the line
 */
export function parsePairs(text: string): PairList {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  while (lines.at(-1)?.trim() === '') lines.pop()
  if (lines.length > PAIRS_MAX) throw new DomainError('LIMIT_EXCEEDED', `at most ${PAIRS_MAX} pairs`, `${lines.length}`)
  const columns = lines[0]?.split(',').map((cell) => cell.trim()) ?? []
  return CSV_HEADERS.has(columns.join(',')) ? parseCsv(lines, columns.length === 5) : parseLfw(lines)
}

function parseLfw(lines: readonly string[]): PairList {
  const header = (lines[0] ?? '').trim().split(/\s+/).map(Number)
  const [foldCount, perFold] = header.length === 2 ? header : [1, header[0]]
  if (header.length > 2 || !isCount(foldCount) || !isCount(perFold))
    throw fault(1, 'the number of pairs, or folds and pairs in each, or a CSV header image_a,image_b,mated')
  if (lines.length - 1 !== foldCount * perFold * 2)
    throw fault(lines.length, `${foldCount * perFold * 2} pairs after the first line`)
  const foldsFromFile = header.length === 2
  const pairs = lines.slice(1).map((line, i) => {
    const mated = i % (2 * perFold) < perFold
    const within = i % perFold
    const fold = foldsFromFile ? Math.floor(i / (2 * perFold)) : dealtFold(within, perFold)
    return { ...parseLfwLine(line, i + 2, mated), mated, fold, groups: null }
  })
  return { pairs, foldCount: foldsFromFile ? foldCount : DEFAULT_FOLDS, foldsFromFile }
}

function parseLfwLine(line: string, lineNumber: number, mated: boolean) {
  const [a, b, c, d] = line.split('\t')
  if (mated && a && b && c && d === undefined)
    return { probe: lfwPath(a, b, lineNumber), reference: lfwPath(a, c, lineNumber) }
  if (!mated && a && b && c && d) return { probe: lfwPath(a, b, lineNumber), reference: lfwPath(c, d, lineNumber) }
  throw fault(lineNumber, mated ? 'name, number, number' : 'name, number, name, number')
}

function lfwPath(name: string, number: string, lineNumber: number): string {
  if (!/^\d{1,4}$/.test(number) || !/^[^/\\]+$/.test(name)) throw fault(lineNumber, 'a name and an image number')
  return `${name}/${name}_${number.padStart(4, '0')}.jpg`
}

function parseCsv(lines: readonly string[], hasGroups: boolean): PairList {
  const rows = lines.slice(1).map((line, i) => {
    const [probe, reference, mated, ...more] = line.split(',').map((cell) => cell.trim())
    const groups = hasGroups ? twoGroups(more) : null
    const isWhole = hasGroups ? groups !== null : more.length === 0
    if (!probe || !reference || (mated !== '0' && mated !== '1') || !isWhole)
      throw fault(i + 2, `image_a,image_b,0 or 1${hasGroups ? ',group_a,group_b' : ''}`)
    return { probe, reference, mated: mated === '1', groups }
  })
  const counts = { mated: rows.filter((row) => row.mated).length, nonMated: rows.filter((row) => !row.mated).length }
  const seen = { mated: 0, nonMated: 0 }
  const pairs = rows.map((row) => {
    const kind = row.mated ? 'mated' : 'nonMated'
    return { ...row, fold: dealtFold(seen[kind]++, counts[kind]) }
  })
  return { pairs, foldCount: DEFAULT_FOLDS, foldsFromFile: false }
}

function twoGroups([a, b, more]: readonly string[]): readonly [string, string] | null {
  return a && b && more === undefined ? [a, b] : null
}

/** Neighbouring lines stay together: they often show one person, who should not be in two folds. */
function dealtFold(index: number, count: number): number {
  return Math.floor((index * DEFAULT_FOLDS) / count)
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isInteger(value) && value > 0
}

function fault(lineNumber: number, expected: string): DomainError {
  return new DomainError('PARSE_ERROR', `${expected} in line ${lineNumber} of the pairs file`, 'something else')
}
