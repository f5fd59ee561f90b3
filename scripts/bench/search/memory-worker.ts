// Reads its memory from end to end whenever it is told to.
import { parentPort, workerData } from 'node:worker_threads'
import type { MemoryReadTask } from './memory-read.js'

const PAGE = 65536

const { module, byteCount } = workerData as MemoryReadTask
const memory = new WebAssembly.Memory({ initial: Math.ceil(byteCount / PAGE) })
new Uint8Array(memory.buffer).fill(1) // untouched pages would all be one page of zeros
const instance = new WebAssembly.Instance(new WebAssembly.Module(module), { env: { memory } })
const read = instance.exports.read as (at: number, end: number) => bigint

parentPort?.on('message', () => parentPort?.postMessage(read(0, byteCount)))
parentPort?.postMessage('ready')
