import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SqliteStore } from '../../src/adapters/sqlite/sqlite-store.js'
import { aGallery, anEncounterAt, aNewSubject, freely } from './stored-things.js'

/** A store in a real data file with the empty galleries a, b and c, and a clock that a test can set. */
export class StoreBench {
  readonly folder = mkdtempSync(join(tmpdir(), 'portcullis-'))
  nowMs = 1_000
  store = this.#open()

  static async open(): Promise<StoreBench> {
    const bench = new StoreBench()
    for (const id of ['a', 'b', 'c']) await bench.store.createGallery(aGallery(id), freely())
    return bench
  }

  async close(): Promise<void> {
    await this.store.close()
    rmSync(this.folder, { recursive: true })
  }

  async restart(): Promise<void> {
    await this.store.close()
    this.store = this.#open()
  }

  /** Creates a subject with the encounter "<id>-e", whose only sample stands at `angleDeg`. */
  async enrol(id: string, angleDeg: number, galleryIds: readonly string[]) {
    const encounter = anEncounterAt(`${id}-e`, angleDeg)
    return this.store.createSubject(aNewSubject(id, galleryIds), encounter, this.nowMs, freely())
  }

  async counts(galleryId: string): Promise<readonly [subjects: number, references: number]> {
    const { subjectCount, referenceCount } = await this.store.getGallery(galleryId)
    return [subjectCount, referenceCount]
  }

  #open(): SqliteStore {
    return new SqliteStore(join(this.folder, 'portcullis.db'), () => this.nowMs)
  }
}
