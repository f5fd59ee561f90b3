import { DomainError } from '../../domain/errors.js'
import type { ExtractorDescription, FingerExtractor, FingerImage } from '../../domain/extractor.js'
import type { TemplateParser } from './checked-extractor.js'
import { CheckFailed, CheckSkipped, contextFor, type ConformanceBench } from './conformance-bench.js'
import { CHECKS, type Check } from './conformance-checks.js'
import { testImages } from './test-images.js'

export interface ConformanceInput {
  /** Over the same parts as in the service, except that it is never left alone after faults. */
  readonly extractor: FingerExtractor
  readonly parse: TemplateParser
  /** A real print in a format that the extractor reads; null tests with a rendered one. */
  readonly print: FingerImage | null
}

export interface CheckResult {
  readonly name: string
  readonly isMandatory: boolean
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** What was found, or why it did not pass. */
  readonly reason: string
  readonly durationMs: number
}

export interface ConformanceReport {
  /** Null when it does not describe itself: then nothing else was tested. */
  readonly description: ExtractorDescription | null
  readonly checks: readonly CheckResult[]
  /** No mandatory check failed. */
  readonly isConformant: boolean
}

/**
 * Tests any extractor against the contract (docs/extractors.md): `describe → pictures that it can read → every check`.
 * A check that fails does not stop the others. About two dozen calls.
 */
export async function testExtractor({ extractor, parse, print }: ConformanceInput): Promise<ConformanceReport> {
  const { result, value: description } = await runCheck('describe: complete', true, async () => {
    const description = await extractor.describe(contextFor())
    return { found: `${description.inputFormats.join(', ')} → ${description.outputFormat}`, value: description }
  })
  if (description === null) return reportOf(null, [result])
  const bench = { extractor, parse, print, description, images: testImages(description) }
  const results = [result]
  for (const check of CHECKS) results.push(await runOn(bench, check))
  return reportOf(description, results)
}

function reportOf(description: ExtractorDescription | null, checks: readonly CheckResult[]): ConformanceReport {
  const isConformant = checks.every(({ isMandatory, outcome }) => !isMandatory || outcome !== 'failed')
  return { description, checks, isConformant }
}

/** Without a picture that it reads, an extractor has shown nothing: that is no pass. */
async function runOn(bench: ConformanceBench, check: Check): Promise<CheckResult> {
  const { name, isMandatory } = check
  const { result } = await runCheck(name, isMandatory, async () => {
    if (name.startsWith('extract') && bench.print === null && bench.images === null)
      throw new CheckFailed('it reads neither PNG nor gray8: give a print that it reads with --image')
    return { found: await check.run(bench), value: null }
  })
  return result
}

async function runCheck<T>(
  name: string,
  isMandatory: boolean,
  run: () => Promise<{ readonly found: string; readonly value: T }>,
): Promise<{ readonly result: CheckResult; readonly value: T | null }> {
  const startedAtMs = performance.now()
  const ended = (outcome: CheckResult['outcome'], reason: string, value: T | null = null) => {
    const durationMs = Math.round(performance.now() - startedAtMs)
    return { result: { name, isMandatory, outcome, reason, durationMs }, value }
  }
  try {
    const { found, value } = await run()
    return ended('passed', found, value)
  } catch (error) {
    if (error instanceof CheckSkipped) return ended('skipped', error.message)
    if (error instanceof CheckFailed) return ended('failed', error.message)
    if (error instanceof DomainError) return ended('failed', `${error.code} (${error.got})`)
    throw error
  }
}
