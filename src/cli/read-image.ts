import { open } from 'node:fs/promises'
import { LIMITS } from '../domain/limits.js'
import { CliError, systemCode } from './failure.js'

/**
 * Reads an encoded image, unless it is larger than the service takes: then nothing of it is read.
 * @throws CliError INPUT_UNREADABLE or LIMIT_EXCEEDED
 */
export async function readImage(path: string): Promise<Buffer> {
  try {
    const file = await open(path, 'r')
    try {
      const entry = await file.stat()
      if (!entry.isFile()) throw new CliError('INPUT_UNREADABLE', 'the image is not a file')
      if (entry.size > LIMITS.imageBytesMax)
        throw new CliError('LIMIT_EXCEEDED', `the image is larger than ${LIMITS.imageBytesMax / 1024 / 1024} MiB`)
      return await file.readFile()
    } finally {
      await file.close()
    }
  } catch (error) {
    if (error instanceof CliError) throw error
    throw new CliError('INPUT_UNREADABLE', `the image cannot be read (${systemCode(error)})`)
  }
}
