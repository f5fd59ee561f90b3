/** A rate with what is known of it. */
export interface RateEstimate {
  readonly rate: number
  /** The 95 % interval; of an extrapolation it holds the uncertainty of the tail's shape too. */
  readonly lower95: number
  readonly upper95: number
  /** Beyond what was measured: rarer than ten comparisons support, or over more references than a probe was compared with. */
  readonly isExtrapolated: boolean
}

/** What a calibration was made from. */
export interface CalibrationSource {
  /** The data in words ("LFW development view, pairsDevTest.txt"). */
  readonly data: string
  readonly personCount: number
  /** Images or impressions with a template. */
  readonly sampleCount: number
  /** Samples without one; they are in no comparison. */
  readonly failuresToExtract: number
  /** Comparisons of samples of different people, and of one person. */
  readonly nonMatedCount: number
  readonly matedCount: number
  /** People with at least one mated comparison. */
  readonly matedPersonCount: number
  /** ISO date. */
  readonly date: string
  /** What makes the file again, with the bare names of files. */
  readonly command: string
}

/** How often searches have false positives. */
export interface SearchErrors {
  /**
   * False positive identification rate of one search at a threshold.
   * The interval is for a gallery of its own: it holds how galleries of this size differ, and what is unknown of the curve.
   * @param referenceCount references that the search compares; 0 gives the rate 0
   */
  fpirAt(score: number, referenceCount: number): RateEstimate
  /**
   * The least score whose false positive identification rate is at most `fpir`; the curve's least one for no references.
   * @throws DomainError INVALID_ARGUMENT beyond the curve
   */
  scoreAtFpir(fpir: number, referenceCount: number): number
}

/** What a comparison score of one template space means. Monotone: a greater score never has a greater false match rate. */
export interface ScoreCalibration extends SearchErrors {
  /** The space, "<id>@<sha256 prefix>". */
  readonly algorithm: string
  readonly source: CalibrationSource
  /** The rarest false match rate that the comparisons support; what is rarer is extrapolated. */
  readonly resolution: number
  /** False match rate of one comparison at a threshold. Never under the rarest rate of the curve, whatever the score. */
  fmrAt(score: number): RateEstimate
  /** False non-match rate of one comparison at a threshold, with the interval over people. */
  fnmrAt(score: number): RateEstimate
  /** The least score whose false match rate is at most `fmr`. @throws DomainError INVALID_ARGUMENT beyond the curve */
  scoreAtFmr(fmr: number): number
  /** log10 of the likelihood ratio mated : non-mated at a score; greater for mated, and bounded by what was counted. */
  llrAt(score: number): number
}

/** The calibrations of what a service compares; null where there is none for the very space in use. */
export interface Calibrations {
  readonly face: ScoreCalibration | null
  readonly finger: ScoreCalibration | null
}

export const NO_CALIBRATIONS: Calibrations = { face: null, finger: null }

/** Whether a space has a calibration that can be used. */
export interface CalibrationStatus {
  /** The space that it is for, "<id>@<sha256 prefix>". */
  readonly algorithm: string
  /** Its name in models/calibration. */
  readonly file: string
  /** `damaged`: not whole, or no calibration; `other-space`: made for other models, or before a change of them. */
  readonly state: 'usable' | 'absent' | 'damaged' | 'other-space'
  /** Null unless it is usable. */
  readonly source: CalibrationSource | null
  readonly resolution: number | null
}

/** Comparisons with one ground truth, the greatest score first. */
export interface Comparisons {
  readonly scores: Float64Array
  /** Which two samples were compared, by their positions in `ComparedSamples.persons`. */
  readonly first: Uint16Array
  readonly second: Uint16Array
}

/** Every two samples of a set compared once: what a calibration is made from. */
export interface ComparedSamples {
  /** Of each sample, its person: 0, 1, 2 … without gaps. */
  readonly persons: Uint16Array
  readonly personCount: number
  readonly nonMated: Comparisons
  readonly mated: Comparisons
}
