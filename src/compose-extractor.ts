import { GUARD_DEFAULTS, makeGuard } from './adapters/extractor-guard/guard.js'
import { MODULE_DEFAULTS, ModuleExtractor } from './adapters/extractor-module/module-extractor.js'
import { RemoteExtractor } from './adapters/extractor-remote/remote-extractor.js'
import { openBuiltinExtractor } from './compose-finger-extractor.js'
import type { Config } from './config.js'
import { DomainError } from './domain/errors.js'
import type { FingerExtractor } from './domain/extractor.js'
import { readFingerRecord } from './engines/finger/formats/read.js'
import { CheckedExtractor, type TemplateParser } from './services/extractor/checked-extractor.js'

type ExtractorConfig = Pick<Config, 'extractor' | 'workerCount' | 'queueLength'>

export interface ExtractorOptions {
  /** False for the conformance test: it wants to see every fault, not a breaker that is open. */
  readonly restsAfterFaults: boolean
}

/** Calls that an extractor elsewhere gets at once; its contract says "by default up to 8". */
const REMOTE_CALLS_MAX = 8
/** As the contract says. Extraction takes well under a second; a slap of four fingers by a slow SDK some seconds. */
const ATTEMPT_MS_MAX = 30_000

/** The extractor that the configuration names, safe to use. */
export function createExtractor(
  { extractor, workerCount, queueLength }: ExtractorConfig,
  parse: TemplateParser,
  { restsAfterFaults }: ExtractorOptions = { restsAfterFaults: true },
): FingerExtractor {
  const guardOf = (concurrencyMax: number, faultsMax: number) =>
    makeGuard({ ...GUARD_DEFAULTS, concurrencyMax, faultsMax, queueLengthMax: queueLength })
  const checks = { parse, attemptMsMax: ATTEMPT_MS_MAX }
  switch (extractor.kind) {
    case 'remote': {
      const guard = guardOf(REMOTE_CALLS_MAX, restsAfterFaults ? GUARD_DEFAULTS.faultsMax : Infinity)
      return new CheckedExtractor(new RemoteExtractor(extractor), { ...checks, guard })
    }
    case 'module': {
      const outside = new ModuleExtractor({ path: extractor.path, threadCount: workerCount, ...MODULE_DEFAULTS })
      // Its threads have pauses of their own after they fell over.
      return new CheckedExtractor(outside, { ...checks, guard: guardOf(workerCount, Infinity) })
    }
    case 'builtin':
      return openBuiltinExtractor({ workerCount, queueLengthMax: queueLength })
  }
}

/** @param mode the service reads as leniently as it does elsewhere; a conformance test is strict */
export function templateParser(mode: 'strict' | 'lenient'): TemplateParser {
  return (bytes, declared) => {
    const { format } = readFingerRecord(bytes, { mode })
    if (format !== declared) throw new DomainError('PARSE_ERROR', declared, format)
  }
}
