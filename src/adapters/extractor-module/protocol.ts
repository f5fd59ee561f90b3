import type { FingerImage } from '../../domain/extractor.js'
import type { ExtractorReason } from '../../domain/extractor-failures.js'

/** Given to the thread at its start. */
export interface ThreadData {
  /** Absolute path of the module. */
  readonly path: string
}

export type Question =
  | { readonly kind: 'describe' }
  | { readonly kind: 'health' }
  | { readonly kind: 'quality'; readonly image: FingerImage }
  | { readonly kind: 'extract'; readonly image: FingerImage }

/** What the thread is asked; one at a time. */
export type ModuleCall = Question & { readonly call: number }

/** What the thread says: `ready` once, or why it never will be; then an answer to each call. */
export type ModuleReply =
  | { readonly ready: true }
  | { readonly call: number; readonly answer: unknown }
  /** An expected failure. */
  | { readonly call: number; readonly reason: ExtractorReason; readonly sentences: readonly string[] }
  /** Anything else that it threw or answered; what goes to logs is the service's own words. */
  | { readonly call: number; readonly fault: string }
