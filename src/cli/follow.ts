import type grpc from '@grpc/grpc-js'
import { CliError } from './failure.js'
import { callError } from './status-details.js'

/** Whom a stream comes from, and how long it may be silent. */
export interface Followed {
  readonly address: string
  readonly timeoutMs: number
}

/**
 * Reads a stream of progress to its end and resolves to the last message. It may take hours as long as something comes; a silent
 * one is given up.
 * @throws CliError
 */
export function follow<Progress>(
  stream: grpc.ClientReadableStream<Progress>,
  onProgress: (progress: Progress) => void,
  { address, timeoutMs }: Followed,
): Promise<Progress> {
  return new Promise((resolve, reject) => {
    let last: Progress | undefined
    const silence = setTimeout(() => {
      reject(new CliError('DEADLINE_EXCEEDED', `the service at ${address} fell silent; try a longer --timeout`))
      stream.cancel()
    }, timeoutMs)
    stream.on('data', (progress: Progress) => {
      silence.refresh()
      last = progress
      onProgress(progress)
    })
    stream.on('error', (error: grpc.ServiceError) => {
      clearTimeout(silence)
      reject(callError(error, address))
    })
    stream.on('end', () => {
      clearTimeout(silence) // after a failure, too, which has been told by then
      if (last === undefined) reject(new CliError('INTERNAL', `the service at ${address} gave an empty answer`))
      else resolve(last)
    })
  })
}
