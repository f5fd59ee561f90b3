import { invalid } from '../../domain/errors.js'
import type { AlarmOutcome, OutcomeReport } from '../../domain/monitor.js'
import type { AdjudicatedOutcome__Output } from '../../generated/portcullis/v1/AdjudicatedOutcome.js'
import type { GalleryMonitor } from '../../generated/portcullis/v1/GalleryMonitor.js'
import type { MonitoredSearches } from '../../generated/portcullis/v1/MonitoredSearches.js'
import type { MonitorVerdict__Output } from '../../generated/portcullis/v1/MonitorVerdict.js'
import type { ReportOutcomeRequest__Output } from '../../generated/portcullis/v1/ReportOutcomeRequest.js'
import type { MonitoredFpir, MonitorVerdict } from '../../services/monitor/compare-fpir.js'
import type { GalleryMonitorReport } from '../../services/monitor/gallery-monitor.js'
import { enumFromProto } from './fields.js'

// What came of searches: their outcomes in, the monitor of a gallery out.

/** @throws DomainError INVALID_ARGUMENT without an outcome, or with one that this version does not know */
export function outcomeReportFromProto(request: ReportOutcomeRequest__Output): OutcomeReport {
  const outcome = enumFromProto('outcome', request.outcome, OUTCOME_FROM_PROTO)
  if (outcome === null) throw invalid('outcome', 'what an examiner found', 'nothing')
  return { searchId: request.searchId, outcome, galleryIds: request.galleryIds }
}

export function monitorToProto({ searches, ...report }: GalleryMonitorReport): GalleryMonitor {
  return { ...report, searches: searches.map(searchesToProto) }
}

function searchesToProto({ predicted, observed, verdict, ...counts }: MonitoredFpir): MonitoredSearches {
  const { algorithm, searchCount, alarmCount, pendingCount } = counts
  const { samePersonCount, differentPeopleCount, inconclusiveCount } = counts
  return {
    algorithm,
    searchCount,
    alarmCount,
    samePersonCount,
    differentPeopleCount,
    inconclusiveCount,
    pendingCount,
    predicted:
      predicted === null ? null : { fpir: predicted.rate, lower95: predicted.lower95, upper95: predicted.upper95 },
    observed:
      observed === null
        ? null
        : {
            leastFpir: observed.leastRate,
            mostFpir: observed.mostRate,
            lower95: observed.lower95,
            upper95: observed.upper95,
          },
    verdict: VERDICT_TO_PROTO[verdict],
  }
}

const OUTCOME_FROM_PROTO: Readonly<Record<AdjudicatedOutcome__Output, AlarmOutcome | null>> = {
  ADJUDICATED_OUTCOME_UNSPECIFIED: null,
  SAME_PERSON: 'same-person',
  DIFFERENT_PEOPLE: 'different-people',
  OUTCOME_INCONCLUSIVE: 'inconclusive',
}

const VERDICT_TO_PROTO: Readonly<Record<MonitorVerdict, MonitorVerdict__Output>> = {
  'as-predicted': 'AS_PREDICTED',
  'higher-than-predicted': 'HIGHER_THAN_PREDICTED',
  'lower-than-predicted': 'LOWER_THAN_PREDICTED',
  'too-few-searches': 'TOO_FEW_SEARCHES',
  'too-few-outcomes': 'TOO_FEW_OUTCOMES',
  'not-predicted': 'NOT_PREDICTED',
}
