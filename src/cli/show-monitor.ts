import type { GalleryMonitor__Output } from '../generated/portcullis/v1/GalleryMonitor.js'
import type { MonitoredSearches__Output } from '../generated/portcullis/v1/MonitoredSearches.js'
import type { ObservedFpir__Output } from '../generated/portcullis/v1/ObservedFpir.js'
import { VERDICTS } from './monitor-words.js'
import type { Terminal } from './terminal.js'

/** The monitor of a gallery for people: of each space what was counted, then predicted beside observed, then what follows. */
export function printMonitor(
  terminal: Terminal,
  { galleryId, fromDay, toDay, searches }: GalleryMonitor__Output,
): void {
  terminal.line(`Gallery   ${galleryId}, ${fromDay} to ${toDay} (UTC)`)
  if (searches.length === 0) terminal.line('Searches  none')
  for (const part of searches) printSearches(terminal, part)
}

function printSearches(terminal: Terminal, part: MonitoredSearches__Output): void {
  const { samePersonCount, differentPeopleCount, inconclusiveCount, pendingCount, predicted, observed } = part
  terminal.line()
  terminal.line(`Space     ${part.algorithm}`)
  terminal.line(`Searches  ${part.searchCount}, of them ${part.alarmCount} with candidates of this gallery`)
  terminal.line(
    `Outcomes  ${differentPeopleCount} different people (false), ${samePersonCount} same person (true), ` +
      `${inconclusiveCount} inconclusive, ${pendingCount} not reported`,
  )
  const { fpir, lower95, upper95 } = predicted ?? {}
  terminal.table(
    ['false positives', 'rate of a search (FPIR)', '95 % interval'],
    [
      ['predicted', rateText(fpir), spanText(lower95, upper95)],
      ['observed', observedText(observed), spanText(observed?.lower95, observed?.upper95)],
    ],
  )
  terminal.line(`Verdict   ${VERDICTS[part.verdict]}`)
}

function observedText(observed: ObservedFpir__Output | null): string {
  if (observed === null) return '-'
  const { leastFpir, mostFpir } = observed
  return leastFpir === mostFpir ? rateText(leastFpir) : `${rateText(leastFpir)} to ${rateText(mostFpir)}`
}

function spanText(lower: number | undefined, upper: number | undefined): string {
  return lower === undefined ? '-' : `${rateText(lower)} to ${rateText(upper)}`
}

/** Two digits: the intervals are never narrower. */
function rateText(rate: number | undefined): string {
  if (rate === undefined) return '-'
  return rate === 0 ? '0' : String(Number(rate.toPrecision(2)))
}
