/**
 * The bounds of everything that a caller can send. Chosen for one machine at a border post:
 * large enough for any camera or scanner of today, small enough that 100 hostile calls do not exhaust 2 GiB.
 */
export const LIMITS = {
  /** One encoded image, bytes. A 50-megapixel JPEG of a passport scanner is about 8 MB. */
  imageBytesMax: 10 * 1024 * 1024,
  /** One gRPC message: an image and its wrapping. */
  messageBytesMax: 10 * 1024 * 1024 + 64 * 1024,
  /** Width times height of one image, read from its header before anything is decoded. */
  imagePixelsMax: 50_000_000,
  /** The shorter side of an image, below which no face can be measured. */
  imageSidePxMin: 16,
  /** Faces reported from one image; the most prominent are kept. */
  facesMax: 64,
  samplesPerEncounterMax: 16,
  encountersPerSubjectMax: 256,
  galleriesPerSubjectMax: 64,
  galleriesPerSearchMax: 64,
  galleriesMax: 10_000,
  candidatesMax: 1_000,
  pageSizeMax: 1_000,
  pageSizeDefault: 100,
  idLengthMax: 64,
  textLengthMax: 512,
  attributesMax: 32,
  batchItemsMax: 10_000,
  /** Templates of one imported batch; 256 of 2,048 features are 2 MB. */
  templatesPerBatchMax: 256,
  /** Items of one stream that are worked on at once; the rest wait in the caller's own send buffer. */
  streamItemsInFlightMax: 8,
  retentionDaysMax: 36_500,
  requestIdRetentionDays: 7,
} as const
