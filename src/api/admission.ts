import { DomainError } from '../domain/errors.js'

/**
 * How many calls are worked on at once, over all connections.
 *
 * Each holds one message of up to `LIMITS.messageBytesMax`; a stream holds up to 24 (`LIMITS.streamItemsInFlightMax`
 * in work, and 16 that grpc-js reads ahead). The most hostile case is then 1.0 GB of calls and 1.0 GB of streams;
 * with the images of real cameras (0.1 to 1 MB) it is a tenth of that.
 */
export const ADMISSION = {
  callsMax: 100,
  streamsMax: 4,
  /** When a refused caller may try again, milliseconds: about the length of one identification. */
  retryAfterMs: 250,
} as const

/** What admission needs to know of a method. */
export interface AdmittedMethod {
  readonly path: string
  readonly requestStream: boolean
}

/** Counts the calls in work, refuses those that are too many, and lets a stopping service wait for the rest. */
export class Admission {
  #calls = 0
  #streams = 0
  #closed = false
  #onIdle: (() => void)[] = []

  /**
   * Health checks are always let in: a busy service is not an ill one.
   * @returns what gives the place back; to be called once
   * @throws DomainError OVERLOADED, or UNAVAILABLE while the service stops
   */
  enter({ path, requestStream }: AdmittedMethod): () => void {
    if (path.startsWith('/grpc.health.v1.Health/')) return () => undefined
    if (this.#closed) throw new DomainError('UNAVAILABLE', 'a running service', 'one that is stopping')
    const full = requestStream ? this.#streams >= ADMISSION.streamsMax : this.#calls >= ADMISSION.callsMax
    if (full) throw overloaded(requestStream)
    this.#count(requestStream, 1)
    return () => this.#count(requestStream, -1)
  }

  /** Lets nobody in any more. @returns when the last call has ended, or `patienceMs` have passed */
  async close(patienceMs: number): Promise<void> {
    this.#closed = true
    if (this.#calls + this.#streams === 0) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, patienceMs)
      this.#onIdle.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  #count(requestStream: boolean, change: 1 | -1): void {
    if (requestStream) this.#streams += change
    else this.#calls += change
    if (this.#calls + this.#streams === 0) this.#onIdle.splice(0).forEach((onIdle) => onIdle())
  }
}

function overloaded(requestStream: boolean): DomainError {
  const expected = requestStream
    ? `at most ${ADMISSION.streamsMax} streams at once`
    : `at most ${ADMISSION.callsMax} calls at once`
  return new DomainError('OVERLOADED', expected, 'one more', { retryAfterMs: ADMISSION.retryAfterMs })
}
