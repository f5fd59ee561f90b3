import { open } from 'node:fs/promises'
import { CliError, systemCode } from './failure.js'

/**
 * Reads a file, unless it is larger than what it should be can be: then nothing of it is read.
 * @param what names it in messages: "the image"
 * @throws CliError INPUT_UNREADABLE or LIMIT_EXCEEDED
 */
export async function readFileUpTo(path: string, bytesMax: number, what: string): Promise<Buffer> {
  try {
    const file = await open(path, 'r')
    try {
      const entry = await file.stat()
      if (!entry.isFile()) throw new CliError('INPUT_UNREADABLE', `${what} is not a file`)
      if (entry.size > bytesMax)
        throw new CliError('LIMIT_EXCEEDED', `${what} is larger than ${bytesMax / 1024 / 1024} MiB`)
      return await file.readFile()
    } finally {
      await file.close()
    }
  } catch (error) {
    if (error instanceof CliError) throw error
    throw new CliError('INPUT_UNREADABLE', `${what} cannot be read (${systemCode(error)})`)
  }
}
