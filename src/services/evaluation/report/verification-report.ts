import type { Plot } from '../../../domain/plot.js'
import type { VerificationMeasures } from '../verification-measures.js'
import { errorSeries, histogramSeries, logRateAxis, scoreAxis, shareAxis } from './axes.js'
import { groupTable } from './group-table.js'
import { calibrationCaveat, reliabilityPlot, reliabilityTable } from './reliability-parts.js'
import type { Report, ReportTable } from './report.js'
import { counted, measured, percent, scoreWord } from './words.js'

/** What every verification experiment has, and how its own table reads. */
export interface VerificationReportInput {
  readonly title: string
  readonly matedCount: number
  readonly nonMatedCount: number
  readonly measures: VerificationMeasures
  /** Label, value: what this kind of experiment adds. */
  readonly rows: readonly (readonly [string, string])[]
  readonly caveats: readonly string[]
}

const PREDICTED = 'What the calibration predicted'

/** Of a verification experiment (1:1) over labelled pairs. */
export function verificationReport(input: VerificationReportInput): Report {
  const { title, matedCount, nonMatedCount, measures, rows, caveats } = input
  const { groups, reliability } = measures
  return {
    title,
    lead: `Labelled comparisons (1:1): ${counted(matedCount)} mated and ${counted(nonMatedCount)} non-mated of ${counted(measures.personCount)} people or fingers.`,
    tables: [
      { title: 'What was measured', head: ['measure', 'value'], rows, notes: [] },
      thresholds(measures),
      ...(groups === null
        ? []
        : [
            groupTable({
              title: `Groups at the threshold for an FMR of ${percent(groups.targetFmr)}`,
              falsePositive: 'FMR within the group',
              falseNegative: 'FNMR',
              groups: groups.groups,
              falsePositiveRatio: groups.fmrRatio,
              falseNegativeRatio: groups.fnmrRatio,
            }),
          ]),
      ...(reliability === null ? [] : [reliabilityTable(PREDICTED, reliability)]),
    ],
    plots: [
      trade(input),
      histogram(measures),
      ...(reliability === null ? [] : [reliabilityPlot(PREDICTED, reliability)]),
    ],
    caveats: [
      ...caveats,
      'Intervals are a bootstrap over people (of fingers: over fingers), not over images.',
      'Failures to extract count as "non-match".',
      ...(reliability === null ? [] : [calibrationCaveat(reliability.source)]),
    ],
  }
}

function thresholds({ fmrPoints, eer }: VerificationMeasures): ReportTable {
  const isRough = fmrPoints.some(({ support }) => support === 'few')
  return {
    title: 'Misses at a false match rate',
    head: ['FMR', 'threshold', 'FNMR (95 %)'],
    rows: fmrPoints.map(({ targetFmr, threshold, support, fnmr }) => [
      `${percent(targetFmr)}${support === 'few' ? ' (rough)' : ''}`,
      scoreWord(threshold),
      measured(fnmr),
    ]),
    notes: [
      `Equal error rate: ${percent(eer)}.`,
      ...(isRough ? ['Rough: fewer than ten non-mated comparisons lie above the threshold.'] : []),
    ],
  }
}

function trade({ measures, matedCount, nonMatedCount }: VerificationReportInput): Plot {
  const stated = measures.fmrPoints.map(({ targetFmr, fnmr }) => [targetFmr, fnmr.rate] as const)
  return {
    title: 'Detection error trade-off',
    caption:
      'Misses against false matches for every threshold. Lower and further left is better; what lies on an edge is at or beyond it.',
    x: logRateAxis('false match rate (FMR)', nonMatedCount),
    y: logRateAxis('false non-match rate (FNMR)', matedCount),
    series: [
      errorSeries('all thresholds', measures.errorCurve),
      { name: 'FMR of the table', shape: 'points', points: stated },
    ],
  }
}

function histogram({ histogram: scores }: VerificationMeasures): Plot {
  return {
    title: 'Scores',
    caption: 
      'Shares of the mated and of the non-mated comparisons. The less the two overlap, the better; what lies beyond an end is counted in its bin.',
    x: scoreAxis(scores),
    y: shareAxis(scores),
    series: histogramSeries(scores),
  }
}
