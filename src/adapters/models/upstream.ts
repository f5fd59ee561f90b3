import type { ModelDescription } from '../../domain/models.js'
import { SourceError } from './source-error.js'

/** GitHub answers a raw file with one redirect, release assets with two; more is a loop. */
const REDIRECTS_MAX = 5

export interface DownloadTimeouts {
  /** Longest silence, before the first byte and between two. */
  readonly silenceMs: number
  /** Longest download of one file. */
  readonly totalMs: number
}

/** 30 s of silence is a dead line; 15 minutes carry 110 MB over 1 Mbit/s, twice the largest model. */
export const DEFAULT_TIMEOUTS: DownloadTimeouts = { silenceMs: 30_000, totalMs: 15 * 60_000 }

/** The bytes of a model's file from `model.upstream.url`, over HTTPS all the way. */
export async function* readUpstream(
  model: ModelDescription,
  timeouts: DownloadTimeouts = DEFAULT_TIMEOUTS,
): AsyncGenerator<Uint8Array> {
  const { url, note } = model.upstream
  if (url === null)
    throw new SourceError('unavailable', `upstream does not publish this file (${note}); give a --mirror that has it`)
  const patience = new Patience(timeouts)
  try {
    const response = await followRedirects(new URL(url), patience)
    if (response.status !== 200) throw new SourceError('failed', `upstream answered with HTTP ${response.status}`)
    if (response.body === null) throw new SourceError('failed', 'upstream answered without content')
    for await (const chunk of response.body) {
      patience.heard()
      yield chunk as Uint8Array
    }
  } catch (cause) {
    throw cause instanceof SourceError ? cause : new SourceError('failed', describe(cause, patience), cause)
  } finally {
    patience.end() // also aborts what is still under way when the reader has left early
  }
}

/** Redirects are followed by hand so that each hop can be held to HTTPS. */
async function followRedirects(start: URL, patience: Patience): Promise<Response> {
  let url = start
  for (let hop = 0; hop <= REDIRECTS_MAX; hop++) {
    if (url.protocol !== 'https:') throw new SourceError('failed', 'only https addresses are fetched')
    const response = await fetch(url, {
      redirect: 'manual',
      signal: patience.signal,
      headers: { 'accept-encoding': 'identity' }, // the manifest's byte count is of the file as it is
    })
    patience.heard()
    const location = response.headers.get('location')
    if (response.status < 300 || response.status > 399 || location === null) return response
    await response.body?.cancel()
    url = new URL(location, url)
  }
  throw new SourceError('failed', `upstream redirects more than ${REDIRECTS_MAX} times`)
}

function describe(cause: unknown, patience: Patience): string {
  if (patience.signal.aborted) return String(patience.signal.reason)
  const inner = cause instanceof Error ? (cause.cause ?? cause) : cause
  const code = (inner as { code?: unknown } | null)?.code
  return `upstream cannot be reached or broke off${typeof code === 'string' ? ` (${code})` : ''}`
}

/** Aborts a download that is silent or takes too long. */
class Patience {
  readonly #controller = new AbortController()
  readonly #silenceMs: number
  readonly #total: NodeJS.Timeout
  #silence: NodeJS.Timeout

  constructor({ silenceMs, totalMs }: DownloadTimeouts) {
    this.#silenceMs = silenceMs
    this.#total = setTimeout(() => this.#controller.abort(`not finished after ${totalMs / 1000} s`), totalMs)
    this.#silence = this.#wait()
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Something arrived: the wait begins anew. */
  heard(): void {
    clearTimeout(this.#silence)
    this.#silence = this.#wait()
  }

  end(): void {
    clearTimeout(this.#silence)
    clearTimeout(this.#total)
    this.#controller.abort('ended')
  }

  #wait(): NodeJS.Timeout {
    const reason = `upstream was silent for ${this.#silenceMs / 1000} s`
    return setTimeout(() => this.#controller.abort(reason), this.#silenceMs)
  }
}
