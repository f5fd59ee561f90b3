import type { InstallState, ModelDescription } from './models.js'

/** A weights file compared with its manifest entry. */
export interface ModelCheck {
  readonly model: ModelDescription
  readonly state: InstallState
  /** What is wrong, one sentence; '' when the file is the manifest's. */
  readonly reason: string
}

/**
 * What became of one wanted model.
 * - `already-installed`: the file was there with the manifest's sha256; nothing was fetched;
 * - `installed`: fetched, verified and put in place;
 * - `unavailable`: the source does not offer the file, and trying again changes nothing; `reason` says what would;
 * - `failed`: the source should have had it; `reason` says what went wrong.
 */
export type InstallOutcome =
  | { readonly model: ModelDescription; readonly outcome: 'already-installed' }
  | { readonly model: ModelDescription; readonly outcome: 'installed'; readonly from: 'mirror' | 'upstream' }
  | { readonly model: ModelDescription; readonly outcome: 'unavailable' | 'failed'; readonly reason: string }

/** Called as bytes of a model arrive; `receivedBytes` never exceeds `model.bytes`. */
export type InstallProgress = (model: ModelDescription, receivedBytes: number) => void
