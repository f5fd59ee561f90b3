/** One axis of a plot. */
export interface PlotAxis {
  /** With its unit in words ("false positive identification rate"). */
  readonly name: string
  readonly scale: 'linear' | 'logarithmic'
  /** A logarithmic axis begins above 0; values below it are drawn at its edge. */
  readonly min: number
  readonly max: number
  /** `rate`: a share, labelled in per cent; `number`: as it stands. */
  readonly labels: 'rate' | 'number'
}

/** Points that belong together. */
export interface PlotSeries {
  readonly name: string
  /**
   * `steps`: a rate that changes at its points alone. `bars`: an area under counts. `bounds`: an end of an interval; both ends
   * bear one name. `segments`: a line from each first to each second point. Series of one name have one colour.
   */
  readonly shape: 'line' | 'steps' | 'bars' | 'points' | 'bounds' | 'segments'
  /** x, y; drawn in this order. */
  readonly points: readonly (readonly [x: number, y: number])[]
}

/** A plot in words and numbers, without any colour: whoever draws it knows the theme. */
export interface Plot {
  readonly title: string
  /** One sentence that says how to read it. */
  readonly caption: string
  readonly x: PlotAxis
  readonly y: PlotAxis
  readonly series: readonly PlotSeries[]
}

/** @returns an SVG document that refers to nothing outside itself */
export type DrawPlot = (plot: Plot, theme: 'light' | 'dark') => string
