import { readFileSync } from 'node:fs'

/** The instruction sets by which onnxruntime chooses its kernels; another choice sums in another order. */
const KERNEL_SETS = ['avx2', 'avx512f', 'avx512_vnni', 'avx_vnni', 'amx_int8'] as const

/** Those that this machine has, in alphabetical order; '' where they cannot be told (no Linux on x64). */
export function instructionSets(): string {
  try {
    const flags = new Set(/^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]?.trim().split(/\s+/))
    return KERNEL_SETS.filter((name) => flags.has(name))
      .sort()
      .join(' ')
  } catch {
    return ''
  }
}
