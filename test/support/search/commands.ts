/** Numbers (of neighbours, of references) that no other test uses; see the commanded workers. */
export const COMMANDS = {
  /** The thread ends. */
  exit: 9001,
  /** The search throws. */
  fail: 9002,
  /** Something else in the thread throws. */
  crash: 9003,
  /** The thread never comes back. */
  hang: 9004,
  /** The thread sleeps for 100 ms, then answers. */
  dawdle: 9005,
} as const

/** In a shard's thread. */
export function obey(countMax: number): void {
  if (countMax === COMMANDS.exit) process.exit(1)
  if (countMax === COMMANDS.fail) throw new Error('a bug in the scan')
  if (countMax === COMMANDS.crash)
    setImmediate(() => {
      throw new Error('a bug outside of any call')
    })
  if (countMax === COMMANDS.hang) for (;;);
  if (countMax === COMMANDS.dawdle) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
}
