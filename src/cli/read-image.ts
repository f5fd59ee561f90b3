import { LIMITS } from '../domain/limits.js'
import { readFileUpTo } from './read-file.js'

/**
 * Reads an encoded image, unless it is larger than the service takes: then nothing of it is read.
 * @throws CliError INPUT_UNREADABLE or LIMIT_EXCEEDED
 */
export async function readImage(path: string): Promise<Buffer> {
  return readFileUpTo(path, LIMITS.imageBytesMax, 'the image')
}
