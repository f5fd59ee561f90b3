/** A named curve; points ascend in x. Both coordinates are above zero. */
export interface Curve {
  readonly name: string
  readonly points: readonly { readonly x: number; readonly y: number }[]
}

export interface Axis {
  readonly name: string
  readonly format: (value: number) => string
}

const [WIDTH, HEIGHT] = [820, 460]
const FRAME = { left: 70, right: 310, top: 20, bottom: 50 }
const LABEL_HEIGHT = 16
/** Okabe and Ito's colours, told apart by colour-blind readers too; black is left to the text. */
const COLOURS = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#e69f00',
  '#56b4e9',
  '#8c6bb1',
  '#999999',
  '#b8860b',
  '#e7298a',
]

/** Curves on two logarithmic axes, as SVG; readable on a light and on a dark page. Each curve is named at its end. */
export function logPlot(curves: readonly Curve[], x: Axis, y: Axis): string {
  const points = curves.flatMap((curve) => curve.points)
  const toX = scale(
    points.map((point) => point.x),
    FRAME.left,
    WIDTH - FRAME.right,
  )
  const toY = scale(
    points.map((point) => point.y),
    HEIGHT - FRAME.bottom,
    FRAME.top,
  )
  const labelYs = spread(curves.map(({ points: own }) => toY.at(own.at(-1)!.y)))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    '<style>text{fill:#222}.grid{stroke:#ccc}@media(prefers-color-scheme:dark){text{fill:#ddd}.grid{stroke:#555}}</style>',
    ...toX.decades.map((value) => gridX(toX.at(value), x.format(value))),
    ...toY.decades.map((value) => gridY(toY.at(value), y.format(value))),
    `<text x="${(FRAME.left + WIDTH - FRAME.right) / 2}" y="${HEIGHT - 10}" text-anchor="middle">${x.name}</text>`,
    `<text transform="translate(16 ${HEIGHT / 2}) rotate(-90)" text-anchor="middle">${y.name}</text>`,
    ...curves.map((curve, i) => drawn(curve, COLOURS[i % COLOURS.length]!, labelYs[i]!, toX.at, toY.at)),
    '</svg>',
    '',
  ].join('\n')
}

function scale(values: readonly number[], from: number, to: number) {
  const low = Math.floor(Math.log10(Math.min(...values)))
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))))
  return {
    decades: Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)),
    at: (value: number) => from + ((to - from) * (Math.log10(value) - low)) / (high - low),
  }
}

function drawn(
  { name, points }: Curve,
  colour: string,
  labelY: number,
  toX: (x: number) => number,
  toY: (y: number) => number,
): string {
  const at = points.map((point) => [toX(point.x).toFixed(1), toY(point.y).toFixed(1)] as const)
  const [endX, endY] = at.at(-1)!
  const labelX = WIDTH - FRAME.right + 24
  return [
    `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${at.map((pair) => pair.join(',')).join(' ')}"/>`,
    ...at.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`),
    `<path fill="none" stroke="${colour}" stroke-dasharray="2 2" d="M${endX} ${endY}L${labelX - 4} ${labelY.toFixed(1)}"/>`,
    `<text x="${labelX}" y="${(labelY + 4).toFixed(1)}">${name}</text>`,
  ].join('\n')
}

/** Moves labels down, and all of them up again where they would leave the frame, until none covers another. */
function spread(ys: readonly number[]): readonly number[] {
  const order = ys.map((_, i) => i).sort((a, b) => ys[a]! - ys[b]!)
  const placed = [...ys]
  let least = FRAME.top
  for (const i of order) {
    placed[i] = Math.max(ys[i]!, least)
    least = placed[i] + LABEL_HEIGHT
  }
  let greatest = HEIGHT - FRAME.bottom
  for (const i of order.toReversed()) {
    placed[i] = Math.min(placed[i]!, greatest)
    greatest = placed[i] - LABEL_HEIGHT
  }
  return placed
}

function gridX(at: number, label: string): string {
  const bottom = HEIGHT - FRAME.bottom
  const line = `<path class="grid" d="M${at.toFixed(1)} ${FRAME.top}V${bottom}"/>`
  return `${line}<text x="${at.toFixed(1)}" y="${bottom + 18}" text-anchor="middle">${label}</text>`
}

function gridY(at: number, label: string): string {
  const line = `<path class="grid" d="M${FRAME.left} ${at.toFixed(1)}H${WIDTH - FRAME.right}"/>`
  return `${line}<text x="${FRAME.left - 8}" y="${(at + 4).toFixed(1)}" text-anchor="end">${label}</text>`
}
