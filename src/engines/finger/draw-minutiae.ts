import { MINUTIA_TYPES, type FingerView, type NormalisedMinutiae } from '../../domain/finger.js'
import { MINUTIA_STYLE, MARK_PATHS, QUALITY_BANDS, qualityClass } from './minutiae-style.js'
import { NORMAL_PPCM, normaliseView } from './normalise.js'

/** Room around the image and between the lines of the legend, in units. */
const MARGIN = 12
const LEGEND_LINE = 16
/** The legend does not fit in less; a smaller image is centred above it. */
const WIDTH_MIN = 350
/** Pixels of the longer side when nobody says otherwise; SVG scales without loss. */
const SHOWN_SIDE_PX = 900
const SCALE_BAR_MM = 5

/**
 * Draws the minutiae of one view for inspection: a whole SVG document that needs nothing else.
 *
 * True to scale: pixels that are not square become so, and a bar shows 5 mm. Endings are circles, bifurcations triangles,
 * others diamonds; a tick points along the ISO direction. Colours tell the quality in five bands, grey where none was
 * reported; all have a contrast of 3 : 1 or more with the paper, which follows the viewer's light or dark theme. Its
 * text is counts and the legend: nothing of the person.
 */
export function minutiaeSvg(view: FingerView): string {
  const minutiae = normaliseView(view)
  const width = (view.widthPx * NORMAL_PPCM) / view.resolutionXPpcm
  const height = (view.heightPx * NORMAL_PPCM) / view.resolutionYPpcm
  // Marks are sized for a print of 20 mm; larger images get larger ones, or nothing would be seen.
  const unit = Math.max(1, Math.max(width, height) / 500)
  const legendWidth = WIDTH_MIN * unit
  const pageWidth = Math.max(width, legendWidth) + 2 * MARGIN * unit
  const pageHeight = height + (2 * MARGIN + 4 * LEGEND_LINE) * unit
  const left = (pageWidth - width) / 2
  const top = MARGIN * unit
  return [
    svgStart(pageWidth, pageHeight),
    `<style>${MINUTIA_STYLE}</style>`,
    `<rect class="pm-page" width="${number(pageWidth)}" height="${number(pageHeight)}"/>`,
    `<rect class="pm-paper" x="${number(left)}" y="${number(top)}" width="${number(width)}" height="${number(height)}"/>`,
    `<g transform="translate(${number(left)} ${number(top)})">`,
    ...marks(minutiae, height, unit),
    '</g>',
    `<g transform="translate(${number((pageWidth - legendWidth) / 2)} ${number(top + height)}) scale(${number(unit)})">`,
    ...legend(minutiae, view.minutiae.length, unit),
    '</g>',
    '</svg>\n',
  ].join('\n')
}

function svgStart(width: number, height: number): string {
  const shown = SHOWN_SIDE_PX / Math.max(width, height)
  const size = `width="${Math.ceil(width * shown)}" height="${Math.ceil(height * shown)}"`
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${number(width)} ${number(height)}">`
}

/** The best last: where marks overlap, they lie on top. */
function marks({ x, y, angleRad, type, quality }: NormalisedMinutiae, height: number, unit: number): readonly string[] {
  const drawn: string[] = []
  for (let i = x.length - 1; i >= 0; i--) {
    const place = `translate(${number(x[i]!)} ${number(height - y[i]!)})`
    const turn = `rotate(${number((-angleRad[i]! * 180) / Math.PI)})`
    const scale = unit === 1 ? '' : ` scale(${number(unit)})`
    const path = MARK_PATHS[MINUTIA_TYPES[type[i]!]!]
    drawn.push(`<path class="pm-mark ${qualityClass(quality[i]!)}" transform="${place} ${turn}${scale}" d="${path}"/>`)
  }
  return drawn
}

/** Shapes with their counts, bands of quality, and the bar of 5 mm, in units of the legend. */
function legend({ type, x }: NormalisedMinutiae, recordCount: number, unit: number): readonly string[] {
  const count = (code: number) => type.filter((each) => each === code).length
  const duplicateCount = recordCount - x.length
  const [other, ending, bifurcation] = [count(0), count(1), count(2)]
  const total = duplicateCount === 0 ? `${x.length} minutiae` : `${x.length} minutiae, ${duplicateCount} given twice`
  const barLength = (SCALE_BAR_MM * NORMAL_PPCM) / 10 / unit
  return [
    ...shape(0, 'ending', counted(ending, 'ending')),
    ...shape(110, 'bifurcation', counted(bifurcation, 'bifurcation')),
    ...shape(230, 'other', counted(other, 'other')),
    text(0, 39, 'quality'),
    ...QUALITY_BANDS.flatMap(({ name, label }, i) => [
      `<rect class="pm-swatch ${name}" x="${40 + i * 53}" y="30.5" width="10" height="10" rx="2"/>`,
      text(54 + i * 53, 39, label),
    ]),
    `<path class="pm-bar" d="M0 57v6M0 60h${number(barLength)}M${number(barLength)} 57v6"/>`,
    text(barLength + 6, 63.5, `${SCALE_BAR_MM} mm`),
    text(230, 63.5, total),
  ]
}

function shape(left: number, type: keyof typeof MARK_PATHS, label: string): readonly string[] {
  return [
    `<path class="pm-mark pm-plain" transform="translate(${left + 5} 20)" d="${MARK_PATHS[type]}"/>`,
    text(left + 20, 23.5, label),
  ]
}

function text(x: number, y: number, words: string): string {
  return `<text class="pm-text" x="${number(x)}" y="${number(y)}">${words}</text>`
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** Two digits after the point: a hundredth of a pixel. */
function number(value: number): string {
  return String(Math.round(value * 100) / 100)
}
