import { performance } from 'node:perf_hooks'
import type { IdentifyRequest } from '../../generated/portcullis/v1/IdentifyRequest.js'
import type { PortcullisClient } from '../client.js'
import { sentence, toCliError } from '../failure.js'

/** What is searched, and who it is. */
export interface DemoProbe {
  /** The path of the face image, or of the template, as the list names it. */
  readonly sample: string
  /** '' for a stranger: nobody of the gallery. */
  readonly expectedSubjectId: string
  /** Reads the sample; a failure belongs to this probe alone. */
  readonly request: () => Promise<IdentifyRequest>
}

/** One probe: what was expected, and what the service said. */
export interface ProbeResult {
  readonly sample: string
  readonly expectedSubjectId: string
  /** The service's outcome, or the sentence of a failure. */
  readonly outcome: string
  readonly firstSubjectId: string
  readonly firstScore: number | null
  readonly thresholdScore: number | null
  /** Of the call, as this client saw it. */
  readonly durationMs: number
}

/** Never throws: what goes wrong with a probe is its outcome. */
export async function identifyProbe(client: PortcullisClient, probe: DemoProbe): Promise<ProbeResult> {
  const { sample, expectedSubjectId } = probe
  const startMs = performance.now()
  const result = (outcome: string, first?: { subjectId: string; score: number }, thresholdScore?: number) => ({
    sample,
    expectedSubjectId,
    outcome,
    firstSubjectId: first?.subjectId ?? '',
    firstScore: first?.score ?? null,
    thresholdScore: thresholdScore ?? null,
    durationMs: performance.now() - startMs,
  })
  try {
    const { outcome, candidates, threshold } = await client.identify(await probe.request())
    return result(outcome, candidates[0], threshold?.score)
  } catch (error) {
    return result(sentence(toCliError(error)))
  }
}

/** What the results of many probes come to. */
export interface Rates {
  readonly matedCount: number
  readonly rightFirstCount: number
  readonly strangerCount: number
  readonly referredStrangerCount: number
}

/** Right means the right subject first; a stranger is right when nobody is put forward. */
export function ratesOf(probes: readonly ProbeResult[]): Rates {
  const mated = probes.filter((probe) => probe.expectedSubjectId !== '')
  const strangers = probes.filter((probe) => probe.expectedSubjectId === '')
  return {
    matedCount: mated.length,
    rightFirstCount: mated.filter((probe) => probe.firstSubjectId === probe.expectedSubjectId).length,
    strangerCount: strangers.length,
    referredStrangerCount: strangers.filter((probe) => probe.outcome === 'REFER_FOR_REVIEW').length,
  }
}
