import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { endianness } from 'node:os'
import { join } from 'node:path'
import { DomainError } from '../../domain/errors.js'
import { HnswGraph } from './hnsw-graph.js'
import { GRAPH_FILE, readManifest, TABLE_FILE, writeManifest, type Manifest, type Space } from './manifest.js'
import { NodeTable } from './node-table.js'
import { ReferenceGraph } from './reference-graph.js'
import { generations, isSealed, keepNewest, nextGeneration, seal, sync, TEMPORARY } from './snapshot-files.js'

/** Snapshots that are kept: when the newest is damaged there is one more. */
const GENERATIONS_KEPT = 2
/** Nodes of a file that must lead to themselves before it is trusted. */
const PROBES = 100
const PROBE_BREADTH = 800

export interface LoadedSnapshot {
  readonly graph: ReferenceGraph
  readonly createdAtMs: number
}

/**
 * Writes a snapshot: into a temporary folder, read again and probed there, on the disk before it gets its name. Nothing may
 * be added or removed meanwhile; searches may go on.
 * @throws DomainError UNAVAILABLE when it cannot be written (a full disk …); the ones before stay
 */
export async function writeSnapshot(
  folder: string,
  space: Space,
  graph: ReferenceGraph,
  createdAtMs: number,
): Promise<void> {
  const temporary = join(folder, TEMPORARY)
  try {
    await rm(temporary, { recursive: true, force: true })
    await mkdir(temporary, { recursive: true, mode: 0o700 })
    await writeFiles(temporary, space, graph, createdAtMs)
    await checkWritten(temporary, space, graph)
    await rename(temporary, await nextGeneration(folder))
    await sync(folder)
    await keepNewest(folder, GENERATIONS_KEPT)
  } catch (cause) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined)
    throw new DomainError('UNAVAILABLE', 'a snapshot of the graph on the disk', codeOf(cause), { cause })
  }
}

/**
 * The newest snapshot beyond doubt, or null.
 * @param skipCount so many of the newest are left aside
 */
export async function loadSnapshot(folder: string, space: Space, skipCount = 0): Promise<LoadedSnapshot | null> {
  await rm(join(folder, TEMPORARY), { recursive: true, force: true }).catch(() => undefined)
  for (const generation of (await generations(folder)).slice(skipCount)) {
    try {
      const { manifest, hnsw, table } = await readGeneration(generation, space)
      return { graph: await ReferenceGraph.restore(hnsw, table), createdAtMs: manifest.createdAtMs }
    } catch {
      // Damaged or another graph's: the one before it, or building anew, is as good.
    }
  }
  return null
}

async function writeFiles(folder: string, space: Space, graph: ReferenceGraph, createdAtMs: number): Promise<void> {
  const graphFile = join(folder, GRAPH_FILE)
  const tableFile = join(folder, TABLE_FILE)
  await graph.hnsw.write(graphFile)
  await writeFile(tableFile, new Uint8Array(graph.table.toPairs().buffer))
  await sync(graphFile)
  await sync(tableFile)
  const seals = { graphFile: await seal(graphFile), tableFile: await seal(tableFile) }
  await sync(await writeManifest(folder, space, { nodeCount: graph.nodeCount, createdAtMs, ...seals }))
  await sync(folder)
}

/** hnswlib says nothing when it cannot write: only reading shows what is there. */
async function checkWritten(folder: string, space: Space, graph: ReferenceGraph): Promise<void> {
  const { hnsw, table } = await readGeneration(folder, space)
  const isWhole = hnsw.nodeCount === graph.nodeCount && table.referenceCount === graph.table.referenceCount
  hnsw.release()
  if (!isWhole) throw new Error('not all of the graph')
}

async function readGeneration(
  folder: string,
  space: Space,
): Promise<{ readonly manifest: Manifest; readonly hnsw: HnswGraph; readonly table: NodeTable }> {
  if (endianness() !== 'LE') throw new Error('the files are little endian')
  const manifest = await readManifest(folder, space)
  const isWhole =
    (await isSealed(join(folder, GRAPH_FILE), manifest.graphFile)) &&
    (await isSealed(join(folder, TABLE_FILE), manifest.tableFile))
  if (!isWhole) throw new Error('a damaged file')
  await checkHeader(join(folder, GRAPH_FILE), manifest)
  const table = NodeTable.fromPairs(await readPairs(join(folder, TABLE_FILE)), manifest.nodeCount)
  const hnsw = await HnswGraph.read(join(folder, GRAPH_FILE), space.featureCount)
  probe(hnsw, table)
  return { manifest, hnsw, table }
}

/** The header of hnswlib's file: eight bytes each of offset, capacity, node count and bytes per node. */
async function checkHeader(file: string, { nodeCount, featureCount, links, graphFile }: Manifest): Promise<void> {
  const header = Buffer.alloc(32)
  const handle = await open(file, 'r')
  try {
    await handle.read(header, 0, header.length, 0)
  } finally {
    await handle.close()
  }
  const bytesPerNode = 4 + 2 * links * 4 + featureCount * 4 + 8 // links of the lowest level, features, label
  const isSound =
    header.readBigUInt64LE(16) === BigInt(nodeCount) &&
    header.readBigUInt64LE(24) === BigInt(bytesPerNode) &&
    graphFile.bytes >= header.length + nodeCount * bytesPerNode
  if (!isSound) throw new Error('a graph of another size')
}

async function readPairs(file: string): Promise<Float64Array> {
  const bytes = await readFile(file)
  if (bytes.length % (2 * Float64Array.BYTES_PER_ELEMENT) !== 0) throw new Error('a table of another size')
  return new Float64Array(new Uint8Array(bytes).buffer)
}

/** A sample of the nodes, evenly spread, must lead to themselves. */
function probe(hnsw: HnswGraph, table: NodeTable): void {
  const step = Math.max(1, Math.floor(hnsw.nodeCount / PROBES))
  for (let label = 0; label < hnsw.nodeCount; label += step) {
    if (table.idsOf(label).length === 0) continue
    const features = hnsw.featuresAt(label)
    if (features === null) throw new Error('a reference of the table has no node')
    const found = hnsw.search(Float32Array.from(features), PROBE_BREADTH, PROBE_BREADTH)
    if (!found.some((node) => node.label === label)) throw new Error('a node that is not found')
  }
}

/** "ENOSPC" and the like; no path, and nothing of what was written. */
function codeOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code
  return code ?? (error instanceof Error ? error.message : 'a failure')
}
