import { checkAlive, type CallContext } from '../../domain/context.js'

/** References looked at together: enough for shards to scan several probes in one pass, few enough to let other searches in. */
const AT_ONCE = 8
const PROGRESS_EVERY_MS = 500

/**
 * Looks at references, a few at once. Yields how many are done: at the beginning, about twice a second, and at the end.
 * @throws DomainError CANCELLED, DEADLINE_EXCEEDED, and whatever `look` throws
 */
export async function* walk(
  referenceIds: readonly number[],
  look: (referenceId: number) => Promise<void>,
  context: CallContext,
): AsyncGenerator<number> {
  yield 0
  let saidAtMs = performance.now()
  for (let from = 0; from < referenceIds.length; from += AT_ONCE) {
    checkAlive(context)
    const end = Math.min(from + AT_ONCE, referenceIds.length)
    await Promise.all(referenceIds.slice(from, end).map(look))
    if (end < referenceIds.length && performance.now() - saidAtMs < PROGRESS_EVERY_MS) continue
    saidAtMs = performance.now()
    yield end
  }
}
