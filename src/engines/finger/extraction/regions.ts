/** A yes or no for each cell of a grid, row by row from the top. */
export interface Mask {
  readonly width: number
  readonly height: number
  /** 1 inside, 0 outside. */
  readonly cells: Uint8Array
}

/**
 * Turns every connected region of cells of one value whose size is below a limit into the other value.
 * @param connectivity 4 or 8 neighbours
 * @param spareEdge true leaves regions alone that touch the grid's edge
 */
export function dropSmallRegions(
  { width, height, cells }: Mask,
  value: 0 | 1,
  sizeMin: number,
  connectivity: 4 | 8,
  spareEdge: boolean,
): Mask {
  const out = Uint8Array.from(cells)
  const seen = new Uint8Array(cells.length)
  const stack = new Int32Array(cells.length)
  const region = new Int32Array(cells.length)
  for (let start = 0; start < cells.length; start++) {
    if (seen[start] === 1 || cells[start] !== value) continue
    let [size, depth, touchesEdge] = [0, 1, false]
    stack[0] = start
    seen[start] = 1
    while (depth > 0) {
      const p = stack[--depth]!
      region[size++] = p
      const [x, y] = [p % width, Math.floor(p / width)]
      if (x === 0 || y === 0 || x === width - 1 || y === height - 1) touchesEdge = true
      for (let dy = -1; dy <= 1; dy++)
        for (let dx = -1; dx <= 1; dx++) {
          if (connectivity === 4 && dx !== 0 && dy !== 0) continue
          const [nx, ny] = [x + dx, y + dy]
          if (nx < 0 || ny < 0 || nx >= width || ny >= height) continue
          const next = ny * width + nx
          if (seen[next] === 1 || cells[next] !== value) continue
          seen[next] = 1
          stack[depth++] = next
        }
    }
    if (size < sizeMin && !(spareEdge && touchesEdge)) for (let i = 0; i < size; i++) out[region[i]!] = 1 - value
  }
  return { width, height, cells: out }
}

/** Each cell takes the value of most of the 3 × 3 around it; outside counts as 0. */
export function majority({ width, height, cells }: Mask): Mask {
  const out = new Uint8Array(cells.length)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let count = 0
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++)
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) count += cells[ny * width + nx]!
      out[y * width + x] = count >= 5 ? 1 : 0
    }
  return { width, height, cells: out }
}
