import { Presets, SingleBar } from 'cli-progress'
import type { Terminal } from './terminal.js'

export interface Progress {
  update(done: number, total: number): void
  stop(): void
}

/**
 * A progress bar on stderr, where a person watches or `always` asks for it.
 * Off a terminal it is drawn as lines, a few seconds apart.
 */
export function startProgress(terminal: Terminal, always: boolean, unit: string): Progress {
  if (!terminal.isWatched && !always) return { update: () => undefined, stop: () => undefined }
  const bar = new SingleBar(
    {
      format: `{bar} {percentage} % | {value}/{total} ${unit} | {eta} s left`,
      stream: terminal.stderr,
      noTTYOutput: true,
      notTTYSchedule: 2000,
      hideCursor: true,
    },
    Presets.shades_classic,
  )
  bar.start(1, 0)
  return {
    update: (done, total) => {
      bar.setTotal(total)
      bar.update(done)
    },
    stop: () => bar.stop(),
  }
}
