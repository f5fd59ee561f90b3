import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ModelDescription } from '../../domain/models.js'
import { SourceError } from './source-error.js'
import { plainName } from './verify.js'

/** The bytes of a model's file in a mirror folder. */
export async function* readMirror(mirrorFolder: string, model: ModelDescription): AsyncGenerator<Uint8Array> {
  const path = join(mirrorFolder, plainName(model))
  const entry = await stat(path).catch(() => null)
  if (!entry?.isFile())
    throw new SourceError('unavailable', `the mirror has no file ${model.file}; add it there, or name another --mirror`)
  try {
    yield* createReadStream(path) as AsyncIterable<Buffer>
  } catch (cause) {
    throw new SourceError('failed', `the mirror's file ${model.file} cannot be read`, cause)
  }
}
