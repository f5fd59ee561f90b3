import { IMPRESSION_SIZE, type Impression } from '../render/impression.js'
import { MASTER_SIZE } from '../render/pattern.js'

const CELL_PX = 4
/** Nearer to the border of the contact area than this, minutiae are not expected to be found. */
const BORDER_PX = 20
const [COLUMNS, ROWS] = [Math.ceil(MASTER_SIZE.widthPx / CELL_PX), Math.ceil(MASTER_SIZE.heightPx / CELL_PX)]

/** Tells which places of the master an impression shows well inside its contact area. */
export function coverageOf({ placeOf, contactAt }: Impression): (u: number, v: number) => boolean {
  const touched = new Uint8Array(COLUMNS * ROWS)
  for (let y = 0; y < IMPRESSION_SIZE.heightPx; y += 2)
    for (let x = 0; x < IMPRESSION_SIZE.widthPx; x += 2) {
      if (contactAt(x, y) < 1) continue
      const [u, v] = placeOf(x, y)
      if (u >= 0 && v >= 0 && u < MASTER_SIZE.widthPx && v < MASTER_SIZE.heightPx)
        touched[Math.floor(v / CELL_PX) * COLUMNS + Math.floor(u / CELL_PX)] = 1
    }
  const reach = BORDER_PX / CELL_PX
  return (u, v) => {
    const [column, row] = [Math.floor(u / CELL_PX), Math.floor(v / CELL_PX)]
    for (let dy = -reach; dy <= reach; dy++)
      for (let dx = -reach; dx <= reach; dx++) {
        const [c, r] = [column + dx, row + dy]
        if (c < 0 || r < 0 || c >= COLUMNS || r >= ROWS || touched[r * COLUMNS + c] === 0) return false
      }
    return true
  }
}
