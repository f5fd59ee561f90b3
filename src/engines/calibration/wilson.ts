const Z_95 = 1.96

/**
 * The 95 % interval of a share (E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22, 1927).
 * @param count independent observations: people, where comparisons of one person go together
 */
export function wilsonInterval(share: number, count: number): readonly [lower: number, upper: number] {
  const z2 = Z_95 ** 2 / count
  const centre = (share + z2 / 2) / (1 + z2)
  const half = (Z_95 * Math.sqrt((share * (1 - share)) / count + z2 / (4 * count))) / (1 + z2)
  return [Math.max(0, centre - half), Math.min(1, centre + half)]
}
