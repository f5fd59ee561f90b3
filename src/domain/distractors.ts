import type { CallContext } from './context.js'

/** How many made-up references are drawn. */
export interface DistractorDraw {
  readonly count: number
  /** The same seed draws the same. */
  readonly seed: number
  /** Told how many were drawn so far. */
  readonly onDrawn: (count: number) => void
}

/** A probe with the scores that are of interest. */
export interface MarkedProbe<Features> {
  readonly features: Features
  readonly marks: readonly number[]
}

/** Compares probes with references of nobody, which are drawn from a model of real ones and not kept. */
export interface DistractorSource<Features> {
  /** Of each probe, the greatest score that any of them has; −Infinity for a count of 0. */
  topScores(probes: readonly Features[], draw: DistractorDraw, context: CallContext): Promise<Float64Array>
  /** Of each probe, how many of them reach each mark, up to `countMax`. */
  countReaching(
    probes: readonly MarkedProbe<Features>[],
    draw: DistractorDraw & { readonly countMax: number },
    context: CallContext,
  ): Promise<readonly Float64Array[]>
}

/** Fits such models to the templates of a space. */
export interface DistractorMaker<Features> {
  /** Fewer people are too few to fit to; more are not looked at. */
  readonly peopleMin: number
  readonly peopleMax: number
  /** @param templates one of each of `peopleMin` to `peopleMax` people */
  fit(templates: readonly Features[], seed: number): DistractorSource<Features>
}
