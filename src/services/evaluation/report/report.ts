import type { Plot } from '../../../domain/plot.js'

export interface ReportTable {
  readonly title: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Sentences that belong to the table. */
  readonly notes: readonly string[]
}

/** An evaluation for people to read, whatever it is written in. Holds no names of people and no files. */
export interface Report {
  readonly title: string
  /** What was measured, in one or two sentences. */
  readonly lead: string
  readonly tables: readonly ReportTable[]
  readonly plots: readonly Plot[]
  /** Sentences that must be read with the figures. */
  readonly caveats: readonly string[]
}
