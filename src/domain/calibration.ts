/** A rate with what is known of it. */
export interface RateEstimate {
  readonly rate: number
  /** The 95 % interval; of an extrapolation it holds the uncertainty of the tail's shape too. */
  readonly lower95: number
  readonly upper95: number
  /** Beyond the scores that were measured. */
  readonly isExtrapolated: boolean
}

/** What a calibration was made from. */
export interface CalibrationSource {
  /** The data in words ("LFW development view, pairsDevTest people"). */
  readonly data: string
  readonly personCount: number
  readonly nonMatedCount: number
  readonly matedCount: number
  /** ISO date. */
  readonly date: string
  readonly command: string
}

/** What a comparison score of one template space means. Monotone: a greater score never has a greater false match rate. */
export interface ScoreCalibration {
  /** The space, "<id>@<sha256 prefix>". */
  readonly algorithm: string
  readonly source: CalibrationSource
  /** False match rate of one comparison at a threshold. */
  fmrAt(score: number): RateEstimate
  /** The least score whose false match rate is at most `fmr`. */
  scoreAtFmr(fmr: number): number
  /** log10 of the likelihood ratio mated : non-mated at a score; greater for mated. */
  llrAt(score: number): number
  /** False positive identification rate of one search over `referenceCount` references at a threshold. */
  fpirAt(score: number, referenceCount: number): RateEstimate
  /** The least score whose false positive identification rate is at most `fpir`. */
  scoreAtFpir(fpir: number, referenceCount: number): number
}
