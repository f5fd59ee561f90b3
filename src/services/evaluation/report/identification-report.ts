import type { Plot } from '../../../domain/plot.js'
import type { IdentificationEvaluation } from '../identification.js'
import type { FpirPoint, OpenSetGroups } from '../open-set-measures.js'
import type { Reliability } from '../reliability.js'
import { errorSeries, histogramSeries, logRateAxis, scoreAxis, shareAxis } from './axes.js'
import { distractorChecks, distractorThresholds, distractorTrade } from './distractor-parts.js'
import { groupTable } from './group-table.js'
import { calibrationCaveat, reliabilityPlot, reliabilityTable } from './reliability-parts.js'
import type { Report, ReportTable } from './report.js'
import { counted, measured, orDash, percent, scoreWord } from './words.js'

/** Of an open-set identification experiment. */
export function identificationReport(evaluation: IdentificationEvaluation): Report {
  const { groups, algorithm, personCount, sampleCount, seed, distractors, reliability } = evaluation
  return {
    title: `Identification with ${algorithm}`,
    lead:
      `An open-set experiment (1:N) over ${counted(sampleCount)} ${evaluation.modality} samples of ${counted(personCount)} people: ` +
      `${percent(evaluation.enrolFraction)} of the people are enrolled by one sample, drawn with seed ${seed}.`,
    tables: [
      summary(evaluation),
      thresholds(evaluation),
      ...(distractors === null
        ? []
        : [distractorThresholds(evaluation, distractors), distractorChecks(distractors)]),
      ranks(evaluation),
      ...predictions(evaluation).map(([title, prediction]) => reliabilityTable(title, prediction)),
      ...(groups === null ? [] : [groupsAt(groups)]),
    ],
    plots: [
      trade(evaluation),
      ...(distractors === null ? [] : [distractorTrade(evaluation, distractors)]),
      cmc(evaluation),
      histogram(evaluation),
      ...predictions(evaluation).map(([title, prediction]) => reliabilityPlot(title, prediction)),
    ],
    caveats: [...caveats(evaluation), ...(reliability === null ? [] : [calibrationCaveat(reliability.source)])],
  }
}

function predictions({ reliability, distractors }: IdentificationEvaluation): readonly (readonly [string, Reliability])[] {
  const among = distractors?.reliability ?? null
  return [
    ...(reliability === null ? [] : [['What the calibration predicted', reliability] as const]),
    ...(among === null ? [] : [['What it predicted with distractors', among] as const]),
  ]
}

function summary(evaluation: IdentificationEvaluation): ReportTable {
  const { matedSearchCount, matedPersonCount, nonMatedSearchCount, nonMatedPersonCount } = evaluation
  return {
    title: 'What was measured',
    head: ['measure', 'value'],
    rows: [
      ['references', `N = ${counted(evaluation.referenceCount)} people`],
      ['mated searches', `${counted(matedSearchCount)} of ${counted(matedPersonCount)} enrolled people`],
      ['non-mated searches', `${counted(nonMatedSearchCount)} of ${counted(nonMatedPersonCount)} people held out`],
      [
        'failures to extract',
        `${counted(evaluation.failuresToExtract)} samples (${percent(evaluation.failuresToExtract / evaluation.sampleCount)})`,
      ],
      ['failures to enrol', `${counted(evaluation.failuresToEnrol)} people; their mated searches count as missed`],
    ],
    notes: [],
  }
}

function thresholds({ fpirPoints, rankMax }: IdentificationEvaluation): ReportTable {
  const row = (point: FpirPoint) => [
    `${percent(point.targetFpir)}${point.support === 'few' ? ' (rough)' : ''}`,
    orDash(point.threshold, scoreWord),
    orDash(point.falsePositiveCount, String),
    orDash(point.fnirRank1, measured),
    orDash(point.fnirRankMax, measured),
  ]
  const notes = ['Each threshold is the least that keeps its FPIR on these very non-mated searches.']
  if (fpirPoints.some(({ support }) => support === 'few'))
    notes.push('Rough: fewer than ten non-mated searches lie above the threshold.')
  if (fpirPoints.some(({ support }) => support === 'none'))
    notes.push('–: too few non-mated searches to tell a threshold for this FPIR.')
  return {
    title: 'Misses at a false positive identification rate',
    head: ['FPIR', 'threshold', 'false positives', 'FNIR, R = 1 (95 %)', `FNIR, R = ${rankMax} (95 %)`],
    rows: fpirPoints.map(row),
    notes,
  }
}

const RANKS_SHOWN = [1, 2, 5, 10, 20]

function ranks({ cmc: rates }: IdentificationEvaluation): ReportTable {
  const rows = RANKS_SHOWN.flatMap((rank) => {
    const rate = rates[rank - 1]
    return rate === undefined ? [] : [[String(rank), measured(rate)]]
  })
  return {
    title: 'The mate among the first R, without a threshold',
    head: ['R', 'mates found (95 %)'],
    rows,
    notes: ['As if everybody searched for were enrolled: what an examiner without a threshold sees.'],
  }
}

function groupsAt({ targetFpir, groups, fpirRatio, fnirRatio }: OpenSetGroups): ReportTable {
  return groupTable({
    title: `Groups at the threshold for an FPIR of ${percent(targetFpir)}`,
    falsePositive: 'FPIR',
    falseNegative: 'FNIR',
    groups,
    falsePositiveRatio: fpirRatio,
    falseNegativeRatio: fnirRatio,
  })
}

function trade(evaluation: IdentificationEvaluation): Plot {
  const { errorCurve, nonMatedSearchCount, matedSearchCount, referenceCount, rankMax, fpirPoints } = evaluation
  const stated = fpirPoints.flatMap(({ targetFpir, fnirRankMax }) =>
    fnirRankMax === null ? [] : [[targetFpir, fnirRankMax.rate] as const],
  )
  return {
    title: 'Detection error trade-off',
    caption: `Misses against false alarms for every threshold, N = ${counted(referenceCount)}, R = ${rankMax}. Lower and further left is better; what lies on an edge is at or beyond it.`,
    x: logRateAxis('false positive identification rate (FPIR)', nonMatedSearchCount),
    y: logRateAxis('false negative identification rate (FNIR)', matedSearchCount),
    series: [errorSeries('all thresholds', errorCurve), { name: 'FPIR of the table', shape: 'points', points: stated }],
  }
}

function cmc({ cmc: rates }: IdentificationEvaluation): Plot {
  const points = (of: 'rate' | 'lower95' | 'upper95') => rates.map((rate, i) => [i + 1, rate[of]] as const)
  const lowest = Math.min(...rates.map(({ lower95 }) => lower95), 0.9)
  return {
    title: 'Cumulative match characteristic',
    caption: 'How often the mate is among the first R candidates, without a threshold.',
    x: { name: 'rank R', scale: 'linear', min: 1, max: Math.max(2, rates.length), labels: 'number' },
    y: {
      name: 'mates among the first R',
      scale: 'linear',
      min: Math.floor(lowest * 10) / 10,
      max: 1,
      labels: 'rate',
    },
    series: [
      { name: 'measured', shape: 'line', points: points('rate') },
      { name: '95 % interval', shape: 'bounds', points: points('lower95') },
      { name: '95 % interval', shape: 'bounds', points: points('upper95') },
    ],
  }
}

function histogram({ histogram: scores }: IdentificationEvaluation): Plot {
  return {
    title: 'Scores',
    caption: 'Shares of the comparisons with mates and with others. The less the two overlap, the better; what lies beyond an end is counted in its bin.',
    x: scoreAxis(scores),
    y: shareAxis(scores),
    series: histogramSeries(scores),
  }
}

/** House rule: below it percentile intervals cover clearly less than they say. */
const PEOPLE_MIN = 30

function caveats({ matedPersonCount, nonMatedPersonCount }: IdentificationEvaluation): readonly string[] {
  return [
    'FPIR grows with the number of references: these figures hold for this N alone.',
    `Intervals are a bootstrap over people (${counted(matedPersonCount)} mated, ${counted(nonMatedPersonCount)} held out); the gallery stays as drawn.`,
    ...(Math.min(matedPersonCount, nonMatedPersonCount) < PEOPLE_MIN
      ? [`Fewer than ${PEOPLE_MIN} people of a kind: a bootstrap over so few makes intervals too narrow.`]
      : []),
    'Failures to extract count as missed mates, and as no false positive.',
    'The thresholds were chosen on the searches that they are judged by; a calibration on other people is the honest prediction.',
  ]
}
