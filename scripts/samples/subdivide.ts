/**
 * Loop subdivision (Charles Loop, 1987) as a matrix: a coarse mesh of a few hundred points becomes a smooth one.
 * The weights depend on the triangles only, so they are made once and applied to every face and expression.
 */
export interface Refinement {
  readonly triangles: Uint32Array
  /** Refines values that lie on the points, `stride` of them each. */
  apply(values: Float64Array, stride: number): Float64Array
}

interface Edge {
  readonly a: number
  readonly b: number
  readonly opposite: number[]
  readonly point: number
}

export function refinementOf(triangles: Uint32Array, pointCount: number, levels: number): Refinement {
  const first = refineOnce(triangles, pointCount)
  if (levels === 1) return first.refinement
  const rest = refinementOf(first.refinement.triangles, first.pointCount, levels - 1)
  return {
    triangles: rest.triangles,
    apply: (values, stride) => rest.apply(first.refinement.apply(values, stride), stride),
  }
}

function refineOnce(triangles: Uint32Array, pointCount: number): { refinement: Refinement; pointCount: number } {
  const edges = edgesOf(triangles, pointCount)
  const rows = [...pointRows(edges, pointCount), ...[...edges.values()].map(edgeRow)]
  const refinement: Refinement = {
    triangles: splitTriangles(triangles, edges, pointCount),
    apply: (values, stride) => multiplyRows(rows, values, stride),
  }
  return { refinement, pointCount: rows.length }
}

type Row = readonly (readonly [point: number, weight: number])[]

const edgeKey = (a: number, b: number, pointCount: number): number => Math.min(a, b) * pointCount + Math.max(a, b)

function edgesOf(triangles: Uint32Array, pointCount: number): Map<number, Edge> {
  const edges = new Map<number, Edge>()
  for (let t = 0; t < triangles.length; t += 3) {
    for (let side = 0; side < 3; side++) {
      const a = triangles[t + side]!
      const b = triangles[t + ((side + 1) % 3)]!
      const key = edgeKey(a, b, pointCount)
      const edge = edges.get(key) ?? { a, b, opposite: [], point: pointCount + edges.size }
      edge.opposite.push(triangles[t + ((side + 2) % 3)]!)
      edges.set(key, edge)
    }
  }
  return edges
}

function edgeRow({ a, b, opposite }: Edge): Row {
  const [c, d] = opposite
  if (c === undefined || d === undefined) return [[a, 1 / 2], [b, 1 / 2]] // prettier-ignore
  return [[a, 3 / 8], [b, 3 / 8], [c, 1 / 8], [d, 1 / 8]] // prettier-ignore
}

function pointRows(edges: Map<number, Edge>, pointCount: number): Row[] {
  const neighbours: number[][] = Array.from({ length: pointCount }, () => [])
  const borders: number[][] = Array.from({ length: pointCount }, () => [])
  for (const { a, b, opposite } of edges.values()) {
    const lists = opposite.length === 1 ? [neighbours, borders] : [neighbours]
    for (const list of lists) {
      list[a]!.push(b)
      list[b]!.push(a)
    }
  }
  return neighbours.map((around, point) => pointRow(point, around, borders[point]!))
}

function pointRow(point: number, around: readonly number[], border: readonly number[]): Row {
  if (border.length > 0) return [[point, 3 / 4], ...border.map((p) => [p, 1 / (4 * border.length)] as const)]
  const weight = around.length === 3 ? 3 / 16 : 3 / (8 * around.length)
  return [[point, 1 - weight * around.length], ...around.map((p) => [p, weight] as const)]
}

function splitTriangles(triangles: Uint32Array, edges: Map<number, Edge>, pointCount: number): Uint32Array {
  const split = new Uint32Array(triangles.length * 4)
  const middle = (a: number, b: number): number => edges.get(edgeKey(a, b, pointCount))!.point
  for (let t = 0; t < triangles.length; t += 3) {
    const [a, b, c] = [triangles[t]!, triangles[t + 1]!, triangles[t + 2]!]
    const [ab, bc, ca] = [middle(a, b), middle(b, c), middle(c, a)]
    split.set([a, ab, ca, ab, b, bc, ca, bc, c, ab, bc, ca], 4 * t)
  }
  return split
}

function multiplyRows(rows: readonly Row[], values: Float64Array, stride: number): Float64Array {
  const result = new Float64Array(rows.length * stride)
  rows.forEach((row, index) => {
    for (const [point, weight] of row) {
      for (let k = 0; k < stride; k++) result[index * stride + k]! += weight * values[point * stride + k]!
    }
  })
  return result
}
