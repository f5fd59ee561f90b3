// A complete extractor plug-in for Portcullis, in one file and without packages: grey or PNG image → minutiae → ISO/IEC 19794-2:2005.
// It is a toy for showing the contract (docs/extractors.md), and honest about it: it does what it says, and no better than a
// textbook of the 1990s. Do not enrol anybody with it.
//
//   npx portcullis extractor test examples/extractor-module/thinning.mjs
//   PORTCULLIS_EXTRACTOR=examples/extractor-module/thinning.mjs npx portcullis serve
import { Buffer } from 'node:buffer'
import { inflateSync } from 'node:zlib'

const DESCRIPTION = {
  id: 'example.thinning',
  version: '1.0.0',
  modality: 'finger',
  inputFormats: ['gray8', 'png'],
  outputFormat: 'iso-19794-2-2005',
  descriptorVersion: '1',
}

/** Pixels that thinning gets through in a second or two. */
const PIXELS_MAX = 4_000_000
const MINUTIAE_MAX = 100
/** With fewer, two fingers cannot be told apart. */
const MINUTIAE_MIN = 8
/** Pixels at 500 dpi; scaled to the image's resolution. */
const WINDOW_PX = 16
const BORDER_PX = 14
const APART_PX = 7
const TRACE_PX = 9
/** Grey levels of standard deviation, below which a place has no ridges. */
const CONTRAST_MIN = 20

/** The contract: the default export makes the extractor. */
export default function createExtractor() {
  return {
    describe: () => DESCRIPTION,
    health: () => undefined,
    quality: (image) => ({ quality: qualityOf(ridgesOf(read(image))), warnings: [] }),
    extract(image) {
      const picture = read(image)
      const ridges = ridgesOf(picture)
      const minutiae = minutiaeOf(thin(ridges), ridges, picture.scale)
      if (minutiae.length < MINUTIAE_MIN) throw refusal('LOW_QUALITY', 'too few minutiae: press the finger flat')
      const warnings = minutiae.length > MINUTIAE_MAX ? ['only the minutiae nearest the middle are kept'] : []
      const quality = qualityOf(ridges)
      return { templates: [record(picture, nearest(picture, minutiae), image, quality)], quality, warnings }
    },
  }
}

/** An expected failure is anything thrown with a `code` of the contract. */
function refusal(code, ...reasons) {
  return Object.assign(new Error(code), { code, reasons })
}

// --- Reading -----------------------------------------------------------------------------------------------------------------

/** {width, height, grey, dpi, scale}: scale is relative to 500 dpi. */
function read(image) {
  if (image.bytes.length === 0) throw refusal('BAD_IMAGE', 'the image is empty')
  const picture = decode(image)
  const { width, height } = picture
  if ((image.widthPx ?? width) !== width || (image.heightPx ?? height) !== height)
    throw refusal('BAD_IMAGE', 'the size is not the stated one')
  const dpi = image.resolutionDpi ?? picture.dpi
  if (dpi === null || !(dpi >= 250 && dpi <= 1000)) throw refusal('BAD_RESOLUTION')
  return { ...picture, dpi, scale: dpi / 500 }
}

function decode({ format, bytes, widthPx, heightPx }) {
  if (format === 'png') return decodePng(Buffer.from(bytes))
  if (format !== 'gray8') throw refusal('UNSUPPORTED')
  if (!(widthPx > 0 && heightPx > 0) || widthPx * heightPx !== bytes.length)
    throw refusal('BAD_IMAGE', 'width times height is not the number of bytes')
  if (bytes.length > PIXELS_MAX) throw refusal('TOO_LARGE')
  return { width: widthPx, height: heightPx, grey: bytes, dpi: null }
}

/** 8-bit grey PNG, not interlaced; the size is looked at before anything is unpacked. */
function decodePng(png) {
  if (png.length < 33 || png.toString('latin1', 1, 4) !== 'PNG') throw refusal('BAD_IMAGE', 'this is no PNG')
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)]
  if (width === 0 || height === 0) throw refusal('BAD_IMAGE', 'a PNG without pixels')
  if (width * height > PIXELS_MAX) throw refusal('TOO_LARGE')
  if (png[24] !== 8 || png[25] !== 0 || png[28] !== 0) throw refusal('UNSUPPORTED', 'only 8-bit grey PNG is read')
  const packed = []
  let dpi = null
  for (let at = 8; at + 12 <= png.length; at += 12 + png.readUInt32BE(at)) {
    const data = png.subarray(at + 8, at + 8 + png.readUInt32BE(at))
    const type = png.toString('latin1', at + 4, at + 8)
    if (type === 'IDAT') packed.push(data)
    if (type === 'pHYs' && data.length === 9 && data[8] === 1) dpi = data.readUInt32BE(0) * 0.0254
  }
  return { width, height, grey: unfilter(unpack(Buffer.concat(packed), (width + 1) * height), width, height), dpi }
}

function unpack(packed, length) {
  let rows
  try {
    rows = inflateSync(packed, { maxOutputLength: length })
  } catch {
    throw refusal('BAD_IMAGE', 'the PNG is damaged or cut off')
  }
  if (rows.length !== length) throw refusal('BAD_IMAGE', 'the PNG is cut off')
  return rows
}

/** The five filters of PNG (ISO/IEC 15948, clause 9), for one byte a pixel. */
function unfilter(rows, width, height) {
  const grey = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (width + 1)]
    if (filter > 4) throw refusal('BAD_IMAGE', 'the PNG is damaged')
    for (let x = 0; x < width; x++) {
      const left = x > 0 ? grey[y * width + x - 1] : 0
      const above = y > 0 ? grey[(y - 1) * width + x] : 0
      const corner = x > 0 && y > 0 ? grey[(y - 1) * width + x - 1] : 0
      const guess = [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter]
      grey[y * width + x] = rows[y * (width + 1) + 1 + x] + guess
    }
  }
  return grey
}

function paeth(left, above, corner) {
  const guess = left + above - corner
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)]
  return a <= b && a <= c ? left : b <= c ? above : corner
}

// --- Ridges ------------------------------------------------------------------------------------------------------------------

/** Black where it is darker than around it, and where there is contrast at all. */
function ridgesOf({ width, height, grey, scale }) {
  const half = Math.max(3, Math.round((WINDOW_PX * scale) / 2))
  const { meanAt, deviationAt } = windows(width, height, grey, half)
  const isRidge = new Uint8Array(width * height)
  const isFinger = new Uint8Array(width * height)
  let fingerCount = 0
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (deviationAt(x, y) < CONTRAST_MIN) continue
      isFinger[y * width + x] = 1
      fingerCount++
      if (grey[y * width + x] < meanAt(x, y)) isRidge[y * width + x] = 1
    }
  if (fingerCount < 0.05 * width * height) throw refusal('NO_FINGER', 'there are no ridges in the image')
  return { width, height, isRidge, isFinger, share: fingerCount / (width * height) }
}

/** Mean and deviation of the square around a pixel, from tables of sums. */
function windows(width, height, grey, half) {
  const stride = width + 1
  const sums = new Float64Array(stride * (height + 1))
  const squares = new Float64Array(stride * (height + 1))
  for (let y = 0; y < height; y++) {
    let [row, rowOfSquares] = [0, 0]
    for (let x = 0; x < width; x++) {
      const value = grey[y * width + x]
      row += value
      rowOfSquares += value * value
      sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1] + row
      squares[(y + 1) * stride + x + 1] = squares[y * stride + x + 1] + rowOfSquares
    }
  }
  const mean = (table, x, y) => {
    const [x0, x1] = [Math.max(0, x - half), Math.min(width, x + half + 1)]
    const [y0, y1] = [Math.max(0, y - half), Math.min(height, y + half + 1)]
    const sum = table[y1 * stride + x1] - table[y0 * stride + x1] - table[y1 * stride + x0] + table[y0 * stride + x0]
    return sum / ((x1 - x0) * (y1 - y0))
  }
  return {
    meanAt: (x, y) => mean(sums, x, y),
    deviationAt: (x, y) => Math.sqrt(Math.max(0, mean(squares, x, y) - mean(sums, x, y) ** 2)),
  }
}

/** A toy's measure: how much of the image shows ridges. */
function qualityOf({ share }) {
  return Math.round(100 * Math.min(1, share))
}

/** Lines of one pixel (Zhang and Suen, Communications of the ACM 27, 1984). */
function thin({ width, height, isRidge }) {
  const lines = Uint8Array.from(isRidge)
  for (let hasChanged = true; hasChanged;) {
    hasChanged = false
    for (const isSecond of [false, true]) {
      const peeled = []
      for (let y = 1; y < height - 1; y++)
        for (let x = 1; x < width - 1; x++)
          if (lines[y * width + x] === 1 && canPeel(around(lines, width, x, y), isSecond)) peeled.push(y * width + x)
      for (const place of peeled) lines[place] = 0
      hasChanged ||= peeled.length > 0
    }
  }
  return lines
}

function canPeel([n, ne, e, se, s, sw, w, nw], isSecond) {
  const count = n + ne + e + se + s + sw + w + nw
  if (count < 2 || count > 6 || crossings([n, ne, e, se, s, sw, w, nw]) !== 1) return false
  return isSecond ? n * e * w === 0 && n * s * w === 0 : n * e * s === 0 && e * s * w === 0
}

/** The eight neighbours, clockwise from north. */
const STEPS = [[0, -1], [1, -1], [1, 0], [1, 1], [0, 1], [-1, 1], [-1, 0], [-1, -1]] // prettier-ignore

function around(lines, width, x, y) {
  return STEPS.map(([dx, dy]) => lines[(y + dy) * width + x + dx])
}

/** Lines that meet here: 1 at an ending, 3 at a bifurcation (Rutovitz's crossing number). */
function crossings(ring) {
  return ring.filter((value, n) => value === 0 && ring[(n + 1) % 8] === 1).length
}

// --- Minutiae ----------------------------------------------------------------------------------------------------------------

/** [{x, y, type, angle}]: type 1 ending, 2 bifurcation; angle in radians counter-clockwise from +x, y down. */
function minutiaeOf(lines, { width, height, isFinger }, scale) {
  const border = Math.round(BORDER_PX * scale)
  const found = []
  for (let y = border; y < height - border; y++)
    for (let x = border; x < width - border; x++) {
      if (lines[y * width + x] === 0) continue
      const type = { 1: 1, 3: 2 }[crossings(around(lines, width, x, y))]
      if (type === undefined || !isInside(isFinger, width, x, y, border)) continue
      const angle = directionOf(branches(lines, width, x, y, TRACE_PX * scale), type)
      if (angle !== null) found.push({ x, y, type, angle })
    }
  // Two that touch are a gap, a bridge or a spur: both go.
  const apart = APART_PX * scale
  return found.filter((a) => !found.some((b) => a !== b && Math.hypot(a.x - b.x, a.y - b.y) < apart))
}

function isInside(isFinger, width, x, y, border) {
  return STEPS.every(([dx, dy]) => isFinger[(y + border * dy) * width + x + border * dx] === 1)
}

/** Where each line that leaves a minutia goes: angles, or fewer when a line is too short. */
function branches(lines, width, x, y, length) {
  const ring = around(lines, width, x, y)
  const starts = STEPS.filter((_, n) => ring[n] === 1 && ring[(n + 7) % 8] === 0)
  return starts.flatMap(([dx, dy]) => follow(lines, width, [x, y], [x + dx, y + dy], length))
}

function follow(lines, width, from, start, length) {
  const seen = new Set([from, start].map(([x, y]) => y * width + x))
  for (const [dx, dy] of STEPS) seen.add((from[1] + dy) * width + from[0] + dx)
  let [x, y] = start
  for (let n = 1; n < length; n++) {
    const step = STEPS.find(([dx, dy]) => {
      const place = (y + dy) * width + x + dx
      return lines[place] === 1 && !seen.has(place)
    })
    if (step === undefined) return []
    ;[x, y] = [x + step[0], y + step[1]]
    seen.add(y * width + x)
  }
  return [Math.atan2(from[1] - y, x - from[0])]
}

/** ISO's direction: along the ridge that ends; between the two lines of a fork that are closest. */
function directionOf(angles, type) {
  if (angles.length !== (type === 1 ? 1 : 3)) return null
  if (type === 1) return angles[0]
  const pairs = [[0, 1], [1, 2], [2, 0]].map(([a, b]) => [angles[a], turn(angles[b] - angles[a])]) // prettier-ignore
  const [first, between] = pairs.reduce((best, pair) => (Math.abs(pair[1]) < Math.abs(best[1]) ? pair : best))
  return first + between / 2
}

function turn(angle) {
  return Math.atan2(Math.sin(angle), Math.cos(angle))
}

function nearest({ width, height }, minutiae) {
  const distance = ({ x, y }) => Math.hypot(x - width / 2, y - height / 2)
  return [...minutiae].sort((a, b) => distance(a) - distance(b)).slice(0, MINUTIAE_MAX)
}

// --- Writing -----------------------------------------------------------------------------------------------------------------

const POSITIONS = ['unknown', 'right-thumb', 'right-index', 'right-middle', 'right-ring', 'right-little', 'left-thumb',
  'left-index', 'left-middle', 'left-ring', 'left-little'] // prettier-ignore

/** ISO/IEC 19794-2:2005, one view. */
function record({ width, height, dpi }, minutiae, { position, impression }, quality) {
  const bytes = Buffer.alloc(24 + 4 + 6 * minutiae.length + 2)
  bytes.write('FMR\0 20\0', 'latin1')
  bytes.writeUInt32BE(bytes.length, 8)
  bytes.writeUInt16BE(width, 14)
  bytes.writeUInt16BE(height, 16)
  const perCm = Math.round(dpi / 2.54)
  bytes.writeUInt16BE(perCm, 18)
  bytes.writeUInt16BE(perCm, 20)
  bytes[22] = 1 // views
  bytes[24] = POSITIONS.indexOf(position)
  bytes[25] = impression & 15
  bytes[26] = quality
  bytes[27] = minutiae.length
  minutiae.forEach(({ x, y, type, angle }, n) => {
    const at = 28 + 6 * n
    bytes.writeUInt16BE((type << 14) | x, at)
    bytes.writeUInt16BE(y, at + 2)
    bytes[at + 4] = Math.round((turn(angle) * 128) / Math.PI) & 255 // 256 to a turn
  })
  return new Uint8Array(bytes)
}
