import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'chai'
import { SCHEMA_VERSION } from '../../../src/adapters/sqlite/migrations.js'
import { openDatabase } from '../../../src/adapters/sqlite/open.js'
import { SCHEMA_1 } from '../../../src/adapters/sqlite/schema-1.js'
import { SqliteStore } from '../../../src/adapters/sqlite/sqlite-store.js'
import { errorOf } from '../../support/service-bench.js'
import { aGallery, anEncounterAt, aNewSubject, aSample, CIRCLE, freely } from '../../support/stored-things.js'

// Goal: what can be wrong with a data file is said at once and clearly. Method: real files, really wrong.
describe('SqliteStore: opening a data file', () => {
  let folder: string
  let path: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'portcullis-'))
    path = join(folder, 'data', 'portcullis.db')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const open = (): SqliteStore => new SqliteStore(path, () => 0)

  it('makes file and folder for the owner alone', async () => {
    const store = open()
    await store.createGallery(aGallery('watchlist'), freely())
    expect(statSync(join(folder, 'data')).mode & 0o777).to.equal(0o700)
    expect(statSync(path).mode & 0o777).to.equal(0o600)
    expect(statSync(`${path}-wal`).mode & 0o777).to.equal(0o600)
    await store.close()
  })

  it('is set up to survive power cuts and to overwrite what is deleted', () => {
    const db = openDatabase(path, 0)
    const setting = (name: string): unknown => db.pragma(name, { simple: true })
    expect(setting('journal_mode')).to.equal('wal')
    expect(setting('synchronous')).to.equal(2) // FULL
    expect(setting('secure_delete')).to.equal(1)
    expect(setting('foreign_keys')).to.equal(1)
    expect(setting('locking_mode')).to.equal('exclusive')
    db.close()
  })

  it('says that it was closed', async () => {
    const store = open()
    await store.close()
    expect(await errorOf(store.getGallery('watchlist'))).to.have.property('code', 'UNAVAILABLE')
  })

  it('records the version of the schema, and opens the file again', async () => {
    await open().close()
    await open().close()
    const db = new Database(path)
    expect(db.prepare('SELECT version FROM schema_migration').pluck().all()).to.deep.equal([1, 2, SCHEMA_VERSION])
    db.close()
  })

  it('brings a file of the first schema up to date with everything that is in it', async () => {
    mkdirSync(join(folder, 'data'))
    const old = new Database(path)
    old.exec('CREATE TABLE schema_migration (version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT')
    old.exec('INSERT INTO schema_migration VALUES (1, 0)')
    old.exec(SCHEMA_1)
    const { face, quality, bytes, template } = aSample(30)
    old.exec("INSERT INTO subject VALUES (1, 's', '', '', '{}', 0, 0)")
    old.exec("INSERT INTO encounter VALUES (1, 'e', 1, 'active', '', NULL, 0)")
    old
      .prepare("INSERT INTO sample VALUES (7, 1, 'face', 'jpeg', 640, 480, ?, ?, ?, ?)")
      .run(CIRCLE, JSON.stringify(face), JSON.stringify(quality), bytes)
    old.prepare('INSERT INTO reference VALUES (3, 7, 1, ?, ?)').run(CIRCLE, Buffer.from(template.features.buffer))
    old.close()

    const store = open()
    const summary = { kind: 'face-image', modality: 'face', format: 'jpeg', widthPx: 640, heightPx: 480 }
    expect((await store.getSubject('s')).encounters[0]?.samples).to.deep.equal([
      { ...summary, face, quality, algorithm: CIRCLE },
    ])
    expect((await store.referencesOf('s', CIRCLE)).map(({ referenceId }) => referenceId)).to.deep.equal([3])
    await store.addEncounter('s', anEncounterAt('e2', 50), 0, freely())
    expect((await store.referencesOf('s', CIRCLE)).map(({ referenceId }) => referenceId)).to.deep.equal([3, 4])
    await store.close()
  })

  it('refuses a newer schema and leaves it alone', async () => {
    await open().close()
    const db = new Database(path)
    db.prepare('INSERT INTO schema_migration (version, applied_at) VALUES (99, 0)').run()
    db.close()
    expect(open).to.throw(/expected a data file of version 3 or older, got one of version 99/)
    expect(open).to.throw(/version 99/) // the file is not locked by the attempt before
  })

  it('refuses a database of another program', () => {
    const store = open()
    void store.close()
    rmSync(path)
    const db = new Database(path)
    db.exec('CREATE TABLE invoices (id INTEGER)')
    db.close()
    expect(open).to.throw(/a database of another program/)
  })

  it('refuses a second service in this process, quickly', async () => {
    const store = open()
    const startedMs = performance.now()
    expect(open).to.throw('expected to be the only service on this data file, got one that another process holds')
    expect(performance.now() - startedMs).to.be.below(2_000)
    await store.createGallery(aGallery('watchlist'), freely()) // the first one goes on
    await store.close()
  })

  it('refuses a file that another process holds', async () => {
    await open().close()
    const script = `
      const db = new (require('better-sqlite3'))(process.argv[1])
      db.pragma('locking_mode = EXCLUSIVE'); db.exec('BEGIN IMMEDIATE'); db.exec('COMMIT')
      process.stdout.write('held'); process.stdin.on('data', () => process.exit())`
    const holder = spawn(process.execPath, ['-e', script, path], { stdio: ['pipe', 'pipe', 'inherit'] })
    await once(holder.stdout, 'data')
    expect(open).to.throw('another process holds').with.property('code', 'UNAVAILABLE')
    holder.stdin.write('end')
    await once(holder, 'exit')
    await open().close()
  })

  it('refuses a file that is no database', () => {
    const store = open()
    void store.close()
    writeFileSync(path, 'This is the minutes of the meeting. '.repeat(500))
    expect(open)
      .to.throw(/damaged or of another kind/)
      .with.property('code', 'UNAVAILABLE')
  })

  it('refuses a file that was cut off', async () => {
    const store = open()
    for (let i = 0; i < 20; i++) await store.createSubject(aNewSubject(`s${i}`), anEncounterAt(`e${i}`, i), 0, freely())
    await store.close()
    truncateSync(path, 8_192)
    expect(open)
      .to.throw(/damaged/)
      .with.property('code', 'UNAVAILABLE')
  })

  it('reports damaged pages when they are read', async () => {
    const store = open()
    for (let i = 0; i < 200; i++)
      await store.createSubject(aNewSubject(`s${i}`), anEncounterAt(`e${i}`, i), 0, freely())
    await store.close()
    const bytes = readFileSync(path)
    bytes.fill(0xa5, 40 * 4_096) // the pages behind the schema
    writeFileSync(path, bytes)
    const readAll = async (): Promise<void> => {
      const damaged = open()
      try {
        for await (const chunk of damaged.references(CIRCLE)) expect(chunk).not.to.equal(null)
      } finally {
        await damaged.close()
      }
    }
    const error = await readAll().catch((thrown: unknown) => thrown)
    expect(error).to.have.property('code', 'UNAVAILABLE')
    expect(error)
      .to.have.property('message')
      .that.matches(/damaged/)
  })
})
