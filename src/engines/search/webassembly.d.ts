// The part of the WebAssembly API that the scan uses: TypeScript keeps it in the DOM's library, which a service does not have.
declare namespace WebAssembly {
  class Memory {
    constructor(descriptor: { initial: number; maximum?: number })
    readonly buffer: ArrayBuffer
    grow(pages: number): number
  }
  // eslint-disable-next-line @typescript-eslint/no-extraneous-class -- opaque, as the API has it
  class Module {
    constructor(bytes: Uint8Array)
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>)
    readonly exports: Readonly<Record<string, unknown>>
  }
}
