import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'

/** Rows that must not exist in a whole data file; each statement counts them. */
const HALVES = {
  'subjects without an encounter': 'SELECT count(*) FROM subject WHERE row NOT IN (SELECT subject_row FROM encounter)',
  'encounters without a sample': 'SELECT count(*) FROM encounter WHERE row NOT IN (SELECT encounter_row FROM sample)',
  'samples without a template': 'SELECT count(*) FROM sample WHERE row NOT IN (SELECT sample_row FROM reference)',
  'subjects in no gallery': 'SELECT count(*) FROM subject WHERE row NOT IN (SELECT subject_row FROM membership)',
  'galleries whose subject count is wrong': `
    SELECT count(*) FROM gallery WHERE subject_count !=
      (SELECT count(*) FROM membership WHERE membership.gallery_row = gallery.row)`,
} as const

/**
 * What is wrong with a data file: what SQLite finds, and halves of subjects. It looks at a copy of the file and its
 * write-ahead log, so that the service finds both as they were left.
 * @param file not in use by any process
 */
export async function faultsOf(file: string): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'portcullis-data-file-'))
  try {
    const copy = join(folder, 'copy.sqlite')
    await copyFile(file, copy)
    if (existsSync(`${file}-wal`)) await copyFile(`${file}-wal`, `${copy}-wal`)
    return examine(copy)
  } finally {
    await rm(folder, { recursive: true })
  }
}

function examine(file: string): readonly string[] {
  const db = new Database(file)
  try {
    const integrity = db.pragma('integrity_check', { simple: true }) as string
    const dangling = db.pragma('foreign_key_check') as unknown[]
    const halves = Object.entries(HALVES)
      .map(([name, sql]) => ({ name, count: db.prepare(sql).pluck().get() as number }))
      .filter(({ count }) => count > 0)
    return [
      ...(integrity === 'ok' ? [] : [integrity]),
      ...(dangling.length === 0 ? [] : [`${dangling.length} dangling references`]),
      ...halves.map(({ name, count }) => `${count} ${name}`),
    ]
  } finally {
    db.close()
  }
}
