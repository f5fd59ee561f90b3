import type { ExtractorDescription, FingerImage } from './extractor.js'
import type { ExtractorReason } from './extractor-failures.js'

/**
 * What the default export of an extractor module (an .mjs file) makes; it runs in a thread of its own. All values are plain data;
 * every method may be async. It is asked one thing at a time. docs/extractors.md is the guide for its authors.
 */
export type CreateExtractor = () => ModuleExtractor | Promise<ModuleExtractor>

export interface ModuleExtractor {
  /** Asked once, when the thread starts. */
  describe(): ExtractorDescription | Promise<ExtractorDescription>
  quality(image: FingerImage): ModuleQuality | Promise<ModuleQuality>
  /** 1 to 10 records in the format that `describe` declares. @throws ModuleFailure */
  extract(image: FingerImage): ModuleExtracted | Promise<ModuleExtracted>
  /** Throws when it cannot work. */
  health(): void | Promise<void>
}

export interface ModuleQuality {
  /** 0 to 100. */
  readonly quality: number
  /** For the operator: at most 16 of at most 512 characters; never biometric data, names or identifiers. */
  readonly warnings: readonly string[]
}

export interface ModuleExtracted extends ModuleQuality {
  readonly templates: readonly Uint8Array[]
}

/** An expected failure: throw any object (an Error too) with these properties. Everything else that is thrown counts as a fault. */
export interface ModuleFailure {
  readonly code: ExtractorReason
  /** For the operator, the worst first. */
  readonly reasons?: readonly string[]
}
