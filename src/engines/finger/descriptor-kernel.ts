import { DESCRIPTOR_KERNEL_WASM } from './descriptor-kernel.generated.js'
import { COMPARED_MAX } from './features.js'
import { DESCRIPTOR_LENGTH } from './model.js'

type Dots = (a: number, aCount: number, b: number, bCount: number, out: number, outStride: number) => void

const MATRIX_LENGTH = COMPARED_MAX * DESCRIPTOR_LENGTH
const PAGE_BYTES = 65_536
let compiled: WebAssembly.Module | undefined

/**
 * Cosines of every two descriptors of two fingers, by the SIMD kernel descriptor-kernel.wat on 64 KiB of its own.
 * 53 × 53 of them take 11 µs, a fifteenth of a comparison (`node dist/scripts/finger/bench.js`).
 */
export class DescriptorCosines {
  /** Row (first finger) by row, COMPARED_MAX columns. */
  readonly values: Float32Array
  readonly #first: Float32Array
  readonly #second: Float32Array
  readonly #dots: Dots

  constructor() {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 })
    if (memory.buffer.byteLength < PAGE_BYTES) throw new Error('the kernel needs a page of memory')
    this.#first = new Float32Array(memory.buffer, 0, MATRIX_LENGTH)
    this.#second = new Float32Array(memory.buffer, 4 * MATRIX_LENGTH, MATRIX_LENGTH)
    this.values = new Float32Array(memory.buffer, 8 * MATRIX_LENGTH, COMPARED_MAX * COMPARED_MAX)
    compiled ??= new WebAssembly.Module(DESCRIPTOR_KERNEL_WASM)
    this.#dots = new WebAssembly.Instance(compiled, { env: { memory } }).exports.dots as Dots
  }

  /** @param first, second rows of DESCRIPTOR_LENGTH, at most COMPARED_MAX of them */
  measure(first: Float32Array, second: Float32Array): void {
    this.#first.set(first)
    this.#second.set(second)
    const [firstCount, secondCount] = [first.length / DESCRIPTOR_LENGTH, second.length / DESCRIPTOR_LENGTH]
    this.#dots(0, firstCount, 4 * MATRIX_LENGTH, secondCount, 8 * MATRIX_LENGTH, 4 * COMPARED_MAX)
  }
}
