import { setTimeout as sleep } from 'node:timers/promises'

/** Waits until something that happens on another side of a socket has happened; fails after 5 s. */
export async function until(what: string, happened: () => boolean): Promise<void> {
  const endMs = performance.now() + 5_000
  while (!happened()) {
    if (performance.now() > endMs) throw new Error(`waited 5 s in vain until ${what}`)
    await sleep(5)
  }
}
