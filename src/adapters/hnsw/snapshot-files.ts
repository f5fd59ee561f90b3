import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** The snapshots of one graph lie in one folder, each in a folder of its own that only ever appears complete. */
const GENERATION = /^generation-(\d{9})$/
export const TEMPORARY = 'being-written'

export interface FileSeal {
  readonly bytes: number
  readonly sha256: string
}

export async function seal(file: string): Promise<FileSeal> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return { bytes: (await stat(file)).size, sha256: hash.digest('hex') }
}

/** Whether a file is what was sealed; the size is looked at before the bytes are. */
export async function isSealed(file: string, expected: FileSeal): Promise<boolean> {
  if ((await stat(file)).size !== expected.bytes) return false
  return (await seal(file)).sha256 === expected.sha256
}

/** Waits until a file, or the names in a folder, are on the disk. */
export async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Folders of complete snapshots, the newest first. */
export async function generations(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => [])
  return names
    .filter((name) => GENERATION.test(name))
    .sort()
    .reverse()
    .map((name) => join(folder, name))
}

export async function nextGeneration(folder: string): Promise<string> {
  const newest = GENERATION.exec((await generations(folder))[0]?.slice(folder.length + 1) ?? '')
  return join(folder, `generation-${String(Number(newest?.[1] ?? 0) + 1).padStart(9, '0')}`)
}

/** Removes all snapshots but the newest ones. */
export async function keepNewest(folder: string, count: number): Promise<void> {
  for (const old of (await generations(folder)).slice(count)) await rm(old, { recursive: true, force: true })
}

export async function removeAll(folder: string): Promise<void> {
  await rm(join(folder, TEMPORARY), { recursive: true, force: true })
  await keepNewest(folder, 0)
}
