/** Wakes one loop that waits; a call made while it is busy is not lost. */
export class Signal {
  #isGiven = false
  #wake: (() => void) | null = null

  give(): void {
    this.#isGiven = true
    this.#wake?.()
  }

  /** Resolves when the signal is given, or was since the last time; or after `timeoutMs`. */
  async next(timeoutMs: number | null = null): Promise<void> {
    if (!this.#isGiven) await this.#wait(timeoutMs)
    this.#isGiven = false
  }

  #wait(timeoutMs: number | null): Promise<void> {
    return new Promise((resolve) => {
      const timer = timeoutMs === null ? null : setTimeout(() => this.#wake?.(), timeoutMs).unref()
      this.#wake = () => {
        if (timer !== null) clearTimeout(timer)
        this.#wake = null
        resolve()
      }
    })
  }
}
