import { DomainError, type RefusalCode } from '../domain/errors.js'
import type { IdentificationResult } from '../domain/identification.js'
import type { FailureReason, MeasuredEnrolment, MeasuredSearch, Metrics } from '../domain/metrics.js'

/** An answer, and whether it was given before to the same request. */
export interface Answered<T> {
  readonly value: T
  readonly replayed: boolean
}

/** A record, so that a new refusal does not compile until it has a row. */
const REFUSALS: Readonly<Record<RefusalCode, true>> = {
  NO_FACE: true,
  NO_FINGER: true,
  MULTIPLE_FACES: true,
  QUALITY_TOO_LOW: true,
}

/** Counts a search however it ends; what `work` answers or throws leaves unchanged. */
export async function measureSearch(
  metrics: Metrics,
  work: () => Promise<IdentificationResult>,
): Promise<IdentificationResult> {
  return measured(
    work,
    (result) => metrics.searched(searchOf(result)),
    (error) => {
      metrics.searched({ outcome: 'failed', reason: reasonOf(error) })
    },
  )
}

/** Counts an enrolment however it ends. */
export async function measureEnrolment<T>(metrics: Metrics, work: () => Promise<Answered<T>>): Promise<T> {
  const { value } = await measured(
    work,
    ({ replayed }) => metrics.enrolled({ outcome: replayed ? 'replayed' : 'enrolled' }),
    (error) => metrics.enrolled(failedEnrolment(reasonOf(error))),
  )
  return value
}

async function measured<T>(
  work: () => Promise<T>,
  onDone: (result: T) => void,
  onFailed: (error: unknown) => void,
): Promise<T> {
  let result: T
  try {
    result = await work()
  } catch (error) {
    onFailed(error)
    throw error
  }
  onDone(result)
  return result
}

function searchOf({ outcome, evidence, timingsMs }: IdentificationResult): MeasuredSearch {
  if (outcome === 'inconclusive') return { outcome }
  const { searchMode: mode, comparedCount, referencesCoveredCount: coveredCount } = evidence
  return { outcome, mode, durationMs: timingsMs.search ?? 0, comparedCount, coveredCount }
}

function failedEnrolment(reason: FailureReason): MeasuredEnrolment {
  return isRefusal(reason) ? { outcome: 'refused', reason } : { outcome: 'failed', reason }
}

function isRefusal(reason: FailureReason): reason is RefusalCode {
  return Object.hasOwn(REFUSALS, reason)
}

function reasonOf(error: unknown): FailureReason {
  return error instanceof DomainError ? error.code : 'INTERNAL'
}
