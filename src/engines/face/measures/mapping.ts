/**
 * A piecewise linear map from a raw value to a quality of 0 to 100, given by its corners in ascending order of the raw
 * value; constant beyond the first and the last.
 */
export type Mapping = readonly (readonly [native: number, quality: number])[]

export function mapQuality(native: number, mapping: Mapping): number {
  const first = mapping[0]
  const last = mapping[mapping.length - 1]
  if (first === undefined || last === undefined) throw new Error('a mapping needs a corner')
  if (!(native > first[0])) return first[1] // NaN is the worst
  for (let i = 1; i < mapping.length; i++) {
    const [x0, y0] = mapping[i - 1] as readonly [number, number]
    const [x1, y1] = mapping[i] as readonly [number, number]
    if (native <= x1) return y0 + ((y1 - y0) * (native - x0)) / (x1 - x0)
  }
  return last[1]
}
