/** Numbers of neighbours that no other test asks for; see `commanded-shard-worker.ts`. */
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
