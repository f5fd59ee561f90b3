import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EF_CONSTRUCTION, LINKS } from './hnsw-graph.js'
import type { FileSeal } from './snapshot-files.js'

/** The graph as hnswlib writes it. */
export const GRAPH_FILE = 'graph.hnsw'
/** Float64, little endian: label, reference id, label, reference id, … */
export const TABLE_FILE = 'references.f64'
const MANIFEST_FILE = 'manifest.json'
const FORMAT_VERSION = 1
const MANIFEST_BYTES_MAX = 4096

/** What a snapshot is, beside its files. */
export interface Manifest {
  readonly formatVersion: number
  /** Space of the features. */
  readonly algorithm: string
  readonly featureCount: number
  readonly links: number
  readonly efConstruction: number
  /** Nodes, deleted ones included. */
  readonly nodeCount: number
  readonly createdAtMs: number
  readonly graphFile: FileSeal
  readonly tableFile: FileSeal
}

/** What a snapshot must be to be of use here. */
export interface Space {
  readonly algorithm: string
  readonly featureCount: number
}

export async function writeManifest(
  folder: string,
  { algorithm, featureCount }: Space,
  rest: Pick<Manifest, 'nodeCount' | 'createdAtMs' | 'graphFile' | 'tableFile'>,
): Promise<string> {
  const manifest: Manifest = {
    formatVersion: FORMAT_VERSION,
    algorithm,
    featureCount,
    links: LINKS,
    efConstruction: EF_CONSTRUCTION,
    ...rest,
  }
  const file = join(folder, MANIFEST_FILE)
  await writeFile(file, JSON.stringify(manifest))
  return file
}

/** @throws Error unless it is the manifest of a graph over this space, built as graphs are built here */
export async function readManifest(folder: string, space: Space): Promise<Manifest> {
  const file = join(folder, MANIFEST_FILE)
  if ((await stat(file)).size > MANIFEST_BYTES_MAX) throw new Error('a manifest that is too long')
  const manifest = JSON.parse(await readFile(file, 'utf8')) as Partial<Manifest>
  const isOurs =
    manifest.formatVersion === FORMAT_VERSION &&
    manifest.algorithm === space.algorithm &&
    manifest.featureCount === space.featureCount &&
    manifest.links === LINKS &&
    manifest.efConstruction === EF_CONSTRUCTION &&
    Number.isSafeInteger(manifest.nodeCount) &&
    Number.isSafeInteger(manifest.createdAtMs) &&
    isSeal(manifest.graphFile) &&
    isSeal(manifest.tableFile)
  if (!isOurs) throw new Error('a snapshot of another graph')
  return manifest as Manifest
}

function isSeal(value: unknown): value is FileSeal {
  const { bytes, sha256 } = (value ?? {}) as Partial<FileSeal>
  return Number.isSafeInteger(bytes) && typeof sha256 === 'string'
}
