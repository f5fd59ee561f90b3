import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** src/main.js, compiled into the same folder as this file. */
const MAIN = fileURLToPath(new URL('../../../src/main.js', import.meta.url))
/** Longer than any suite needs; what hangs is ended, and the test that waits for it fails. */
const RUN_MAX_MS = 600_000

export interface Exit {
  /** Null when a signal ended the process. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** Settings of a child as environment variables; the tests' own PORTCULLIS_… variables are not handed on. */
export type Environment = Readonly<Record<string, string>>

/** The real `portcullis` program in a process of its own, with all that it wrote. */
export class ChildProgram {
  stdout = ''
  stderr = ''
  /** How the process ended, once all its output has arrived. */
  readonly exit: Promise<Exit>
  readonly #process: ChildProcess

  constructor(args: readonly string[], folder: string, environment: Environment) {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('PORTCULLIS_'))
    this.#process = spawn(process.execPath, [MAIN, ...args], {
      cwd: folder,
      env: { ...Object.fromEntries(inherited), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: RUN_MAX_MS,
      killSignal: 'SIGKILL',
    })
    this.#process.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text))
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text))
    this.exit = new Promise((resolve) => this.#process.on('close', (code, signal) => resolve({ code, signal })))
  }

  get pid(): number {
    return this.#process.pid as number
  }

  get hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null
  }

  /** Sends a signal to this process alone, and waits for its end. */
  async end(signal: NodeJS.Signals): Promise<Exit> {
    this.#process.kill(signal)
    return this.exit
  }
}
