import { setMaxListeners } from 'node:events'
import { checkAlive, type CallContext } from '../../domain/context.js'

/**
 * The result of `work`, or a rejection as soon as its caller has gone: `work` itself goes on until it sees what
 * `cancel` did, and what it gives then is dropped.
 * @throws DomainError CANCELLED or DEADLINE_EXCEEDED; what `work` throws
 */
export function whileAlive<T>(context: CallContext, cancel: () => void, work: Promise<T>): Promise<T> {
  const { signal } = context
  setMaxListeners(0, signal) // one caller may have any number of images in work
  return new Promise<T>((resolve, reject) => {
    const leave = () => {
      cancel()
      reject(whyGone(context))
    }
    signal.addEventListener('abort', leave, { once: true })
    work.finally(() => signal.removeEventListener('abort', leave)).then(resolve, reject)
  })
}

function whyGone(context: CallContext): Error {
  try {
    checkAlive(context)
  } catch (error) {
    return error as Error
  }
  return new Error('a signal aborted and its context is alive')
}
