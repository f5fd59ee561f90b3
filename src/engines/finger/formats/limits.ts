/** Bounds of what is read, checked before anything is allocated. */
export const RECORD_LIMITS = {
  /** What the count of views holds in every format but ISO/IEC 19794-2:2011, which has two bytes for it. */
  viewsMax: 255,
  /** What the count of minutiae holds in every binary format. */
  minutiaeMax: 255,
  /** Rows of an .xyt file: MAX_FILE_MINUTIAE of NBIS bozorth3. */
  xytRowsMax: 1000,
  /** The view number has four bits in the formats of 2004 and 2005, and the later ones keep its range. */
  viewNumberMax: 15,
  /** Pixels per centimetre below which ISO/IEC 19794-2 allows no record (250 dpi). */
  resolutionPpcmMin: 99,
  /** Coordinates have 14 bits. */
  coordinateMax: 0x3fff,
  /** Warnings kept of one record; a rotten one would give thousands that say the same. */
  warningsMax: 32,
} as const
