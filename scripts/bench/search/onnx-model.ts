/**
 * The smallest ONNX model that compares: scores = probes · rowsᵀ, float32. Written by hand in protobuf's encoding
 * (field numbers of onnx.proto3, IR version 8, opset 13), because no package here writes ONNX.
 */
export function comparisonModel(featureCount: number): Uint8Array {
  const node = [
    text(1, 'probes'),
    text(1, 'rows'),
    text(2, 'scores'),
    text(4, 'Gemm'),
    bytes(5, [text(1, 'transB'), varint(3, 1), varint(20, 2)]), // attribute: name, integer, type INT
  ]
  const graph = [
    bytes(1, node),
    text(2, 'comparison'),
    bytes(11, matrix('probes', 'probeCount', featureCount)),
    bytes(11, matrix('rows', 'rowCount', featureCount)),
    bytes(12, matrix('scores', 'probeCount', 'rowCount')),
  ]
  const opset = [text(1, ''), varint(2, 13)]
  return Buffer.concat([varint(1, 8), bytes(7, graph), bytes(8, opset)])
}

/** ValueInfoProto of a float32 matrix; a name stands for a size that calls choose. */
function matrix(name: string, ...sizes: readonly (string | number)[]): readonly Buffer[] {
  const dimensions = sizes.map((size) => bytes(1, [typeof size === 'string' ? text(2, size) : varint(1, size)]))
  return [text(1, name), bytes(2, [bytes(1, [varint(1, 1), bytes(2, dimensions)])])]
}

function varint(field: number, value: number): Buffer {
  return Buffer.concat([number(field << 3), number(value)])
}

function text(field: number, value: string): Buffer {
  return bytes(field, [Buffer.from(value)])
}

function bytes(field: number, parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([number((field << 3) | 2), number(body.length), body])
}

/** Seven bits a byte, the least first. */
function number(value: number): Buffer {
  const out: number[] = []
  for (; value > 127; value >>= 7) out.push((value & 127) | 128)
  return Buffer.from([...out, value])
}
