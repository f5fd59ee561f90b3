/** Each end leaves out this much: together a 95 % interval. */
const TAIL = 0.025
/** Halvings of 0 to 1: an end is then known to 1e-18, also where rates are rare. */
const HALVINGS = 60
/** Terms of the continued fraction; it needs about √n of them, and n is below 10^9 searches. */
const TERMS_MAX = 100_000
const PRECISION = 1e-14

/**
 * The 95 % interval of a rate of which `count` of `total` were seen (C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial
 * limits illustrated in the case of the binomial", Biometrika 26, 1934). It holds the true rate at least 95 % of the time however rare it
 * is; Wilson's, which is shorter, puts its lower end too high where one or two were seen, and a single false alarm would be a verdict.
 * @param count 0 to `total`
 */
export function binomialInterval(count: number, total: number): readonly [lower: number, upper: number] {
  const atLeast = (rate: number) => incompleteBeta(rate, count, total - count + 1)
  const moreThan = (rate: number) => incompleteBeta(rate, count + 1, total - count)
  return [
    count === 0 ? 0 : rootOf((rate) => atLeast(rate) - TAIL),
    count === total ? 1 : rootOf((rate) => moreThan(rate) - (1 - TAIL)),
  ]
}

/** Where a function that rises over 0 to 1 is zero. */
function rootOf(rising: (rate: number) => number): number {
  let [low, high] = [0, 1]
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2
    if (rising(middle) < 0) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/**
 * The regularised incomplete beta function I_x(a, b): of a + b − 1 tries with chance x, the chance of a successes or more.
 * By the continued fraction of DLMF 8.17.22, which converges fast below (a + 1)/(a + b + 2); above, from the other side.
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const logFront = a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b)
  return (Math.exp(logFront) / a) * continuedFraction(x, a, b)
}

/** 1/(1 + d₁/(1 + d₂/(1 + …))) by W. J. Lentz's method (Applied Optics 15, 1976). */
function continuedFraction(x: number, a: number, b: number): number {
  const awayFromZero = (value: number) => (Math.abs(value) < 1e-300 ? 1e-300 : value)
  let c = 1
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1))
  let fraction = d
  for (let m = 1; m <= TERMS_MAX; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    let step = 1
    for (const term of [even, odd]) {
      d = 1 / awayFromZero(1 + term * d)
      c = awayFromZero(1 + term / c)
      step = c * d
      fraction *= step
    }
    if (Math.abs(step - 1) < PRECISION) break
  }
  return fraction
}

/** From here Stirling's series has a relative error below 1e-15 with the four terms taken. */
const STIRLING_FROM = 20

/** log Γ(x) for x > 0: Stirling's series (DLMF 5.11.1), smaller x raised by Γ(x + 1) = x·Γ(x). */
function logGamma(x: number): number {
  let [z, raised] = [x, 0]
  for (; z < STIRLING_FROM; z++) raised += Math.log(z)
  const series = 1 / (12 * z) - 1 / (360 * z ** 3) + 1 / (1260 * z ** 5) - 1 / (1680 * z ** 7)
  return (z - 0.5) * Math.log(z) - z + Math.log(2 * Math.PI) / 2 + series - raised
}
