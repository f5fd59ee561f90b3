import '../../../src/no-telemetry.js'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { comparisonModel } from './onnx-model.js'
import { bestOf } from './plain-scan.js'
import { judged, type Measured, type Result } from './result.js'
import { timeGroups } from './timing.js'

/** Probes together in one product, for its best throughput. */
const GROUP = 16

/** onnxruntime's matrix product (two threads) over the float32 rows, and the ten best picked in JavaScript. */
export async function measureOnnx(measured: Measured): Promise<readonly Result[]> {
  const { set } = measured
  const { count, featureCount } = set
  const startMs = performance.now()
  const session = await InferenceSession.create(comparisonModel(featureCount), { intraOpNumThreads: 2 })
  const rows = new Tensor('float32', new Float32Array(set.rows), [count, featureCount]) // it takes no shared memory
  const loadS = (performance.now() - startMs) / 1000
  const searchAll = async (probes: readonly Float32Array[]) => {
    const packed = new Float32Array(probes.length * featureCount)
    probes.forEach((probe, i) => packed.set(probe, i * featureCount))
    const { scores } = await session.run({ probes: new Tensor('float32', packed, [probes.length, featureCount]), rows })
    const values = scores?.data as Float32Array
    return probes.map((_, i) => bestOf(values.subarray(i * count, (i + 1) * count)))
  }
  try {
    const cost = { loadS, bytesPerTemplate: featureCount * Float32Array.BYTES_PER_ELEMENT }
    const one = await timeGroups(searchAll, set.matedProbes, 1)
    const many = await timeGroups(searchAll, set.matedProbes, GROUP)
    return [
      judged('onnxruntime product, 1 query', measured, cost, one),
      judged(`onnxruntime product, ${GROUP} queries`, measured, cost, many),
    ]
  } finally {
    await session.release()
  }
}
