import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DomainError } from '../../domain/errors.js'

/** 512 features of LFW's 13,233 images are 27 MB; this holds twenty such sets. */
const BYTES_MAX = 512 * 1024 * 1024
/** sha256 over the rest, then one byte that says whether there is a template. */
const CHECKSUM_BYTES = 32
const NONE = Buffer.from([0])
const SOME = Buffer.from([1])

interface Entry {
  readonly path: string
  readonly bytes: number
  readonly usedAtMs: number
}

/**
 * Templates of samples that were extracted before, in files named by the hash of sample and space: an evaluation that was broken off
 * goes on where it was, and the next one need not extract again. Templates are biometric data: only the owner can read the files.
 *
 * Bounded: what was not used for longest is deleted when the cache is opened and when it is closed. A damaged file is no entry.
 */
export class FileTemplateCache {
  readonly #folder: string
  readonly #bytesMax: number

  private constructor(folder: string, bytesMax: number) {
    this.#folder = folder
    this.#bytesMax = bytesMax
  }

  /** @throws DomainError INVALID_ARGUMENT on "cache" when the folder cannot be made */
  static async open(folder: string, bytesMax = BYTES_MAX): Promise<FileTemplateCache> {
    await mkdir(folder, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
      throw new DomainError('INVALID_ARGUMENT', 'a folder that can be made', 'one that cannot', {
        field: 'cache',
        cause,
      })
    })
    const cache = new FileTemplateCache(folder, bytesMax)
    await cache.#prune()
    return cache
  }

  /**
   * @param space what templates depend on beside the sample: model, preprocessing, policy
   * @param extract null is a failure to extract, which is remembered too
   */
  async template(
    space: string,
    sample: Uint8Array,
    extract: () => Promise<Uint8Array | null>,
  ): Promise<Uint8Array | null> {
    const path = join(this.#folder, `${sha256(Buffer.from(`${space}\n`), sample).toString('hex')}.template`)
    const held = await readEntry(path)
    if (held !== undefined) return held
    const template = await extract()
    await this.#write(path, template === null ? NONE : Buffer.concat([SOME, template]))
    return template
  }

  async close(): Promise<void> {
    await this.#prune()
  }

  /** Whole or not at all: a run that is killed leaves no half of a template. */
  async #write(path: string, content: Buffer): Promise<void> {
    const draft = `${path}.${randomUUID()}.draft`
    await writeFile(draft, Buffer.concat([sha256(content), content]), { mode: 0o600, flag: 'wx' })
    await rename(draft, path)
  }

  async #prune(): Promise<void> {
    const names = await readdir(this.#folder)
    for (const name of names.filter((one) => one.endsWith('.draft')))
      await rm(join(this.#folder, name), { force: true })
    const entries: Entry[] = []
    for (const name of names.filter((one) => one.endsWith('.template'))) {
      const path = join(this.#folder, name)
      const { size, mtimeMs } = await stat(path)
      entries.push({ path, bytes: size, usedAtMs: mtimeMs })
    }
    let bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0)
    for (const entry of entries.sort((a, b) => a.usedAtMs - b.usedAtMs)) {
      if (bytes <= this.#bytesMax) break
      await rm(entry.path, { force: true })
      bytes -= entry.bytes
    }
  }
}

/** @returns undefined when there is none, or a damaged one */
async function readEntry(path: string): Promise<Uint8Array | null | undefined> {
  const bytes = await readFile(path).catch(() => null)
  if (bytes === null || bytes.length <= CHECKSUM_BYTES) return undefined
  const content = bytes.subarray(CHECKSUM_BYTES)
  if (!sha256(content).equals(bytes.subarray(0, CHECKSUM_BYTES))) return undefined
  const now = new Date()
  await utimes(path, now, now)
  return content[0] === 0 ? null : content.subarray(1)
}

function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}
