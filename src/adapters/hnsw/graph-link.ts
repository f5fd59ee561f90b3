import { spawn, type ChildProcess } from 'node:child_process'
import { Socket } from 'node:net'
import { constants, setPriority } from 'node:os'
import { fileURLToPath } from 'node:url'
import { FrameReader } from './frames.js'
import { decodeReply, encodeCommand, type GraphCommand, type GraphReplies } from './protocol.js'
import { readReply } from './replies.js'

/** The graph's process is gone, or was sent away. The message says why. */
export class LinkEnded extends Error {}
/** The process could not do what it was told, and goes on. */
export class CommandFailed extends Error {}
/** No answer yet; the process may be busy. */
export class ReplyLate extends Error {}

interface Waiting {
  readonly kind: GraphCommand['kind']
  readonly resolve: (value: never) => void
  readonly reject: (error: Error) => void
  readonly timer: NodeJS.Timeout | null
}

/** Pings without any answer after which the process counts as hanging. */
const PINGS_MAX = 5
const WAITING_MAX = 100
/** The pipe of a process closes a little before its end, which tells more, is noticed. */
const EXIT_DELAY_MS = 100

/** One life of the graph's process: commands out, replies in, and an end that is always noticed. */
export class GraphLink {
  /** Why it ended, once the process is gone. */
  readonly ended: Promise<string>
  readonly #child: ChildProcess
  readonly #pipe: Socket
  readonly #reader = new FrameReader()
  readonly #waiting = new Map<number, Waiting>()
  readonly #pings: NodeJS.Timeout
  #callCount = 0
  #lateCount = 0
  #unansweredPings = 0
  #reason: string | null = null

  /**
   * @param silenceMsMax a process that says nothing for so long is killed
   * @throws LinkEnded when there can be none
   */
  constructor(entry: URL, silenceMsMax: number) {
    const { child, pipe } = spawnWithPipe(entry)
    this.#child = child
    this.#pipe = pipe
    this.#pings = setInterval(() => this.#ping(), silenceMsMax / PINGS_MAX)
    this.ended = new Promise((resolve) => {
      this.#child.on('exit', (code, signal) => {
        this.end(`it ended with ${signal ?? `code ${code}`}`)
        resolve(this.#reason!)
      })
      this.#child.on('error', () => {
        this.end('it could not be started')
        if (this.#child.pid === undefined) resolve(this.#reason!)
      })
    })
    this.#pipe.on('error', () => undefined) // `close` follows
    this.#pipe.on('close', () => setTimeout(() => this.end('its pipe closed'), EXIT_DELAY_MS).unref())
    this.#pipe.on('data', (chunk: Buffer) => this.#receive(chunk))
    this.#yieldToOthers()
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** Whether it still owes an answer that nobody waits for any more. */
  get isLate(): boolean {
    return this.#lateCount > 0
  }

  /**
   * @throws LinkEnded; CommandFailed; ReplyLate after `timeoutMs`, and the answer is then dropped when it comes
   */
  call<C extends GraphCommand>(command: C, timeoutMs: number): Promise<GraphReplies[C['kind']]> {
    if (this.#reason !== null) return Promise.reject(new LinkEnded(this.#reason))
    if (this.#waiting.size >= WAITING_MAX) return Promise.reject(new ReplyLate('too many calls wait'))
    const call = ++this.#callCount
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#giveUp(call), timeoutMs)
      this.#waiting.set(call, { kind: command.kind, resolve, reject, timer })
      this.#pipe.write(encodeCommand({ ...command, call }))
    })
  }

  /** @throws LinkEnded */
  checkAlive(): void {
    if (this.#reason !== null) throw new LinkEnded(this.#reason)
  }

  /** Kills the process: it holds nothing that cannot be made again. */
  end(reason: string): void {
    if (this.#reason !== null) return
    this.#reason = reason
    clearInterval(this.#pings)
    this.#child.ref() // until its end is seen
    this.#child.kill('SIGKILL')
    this.#pipe.destroy()
    for (const { reject, timer } of this.#waiting.values()) {
      if (timer !== null) clearTimeout(timer)
      reject(new LinkEnded(reason))
    }
    this.#waiting.clear()
  }

  #receive(chunk: Buffer): void {
    this.#unansweredPings = 0
    try {
      for (const message of this.#reader.push(chunk)) this.#settle(message)
    } catch {
      this.end('it answered nonsense')
    }
  }

  #settle(message: Buffer): void {
    const { call, value, failure } = decodeReply(message)
    const waiting = this.#waiting.get(call)
    if (waiting === undefined) throw new Error('a reply to nothing')
    const reply = failure === null ? readReply(waiting.kind, value) : null
    this.#waiting.delete(call)
    if (waiting.timer === null) this.#lateCount--
    else clearTimeout(waiting.timer)
    if (reply === null) waiting.reject(new CommandFailed(failure!))
    else waiting.resolve(reply as never)
  }

  #giveUp(call: number): void {
    const waiting = this.#waiting.get(call)!
    this.#waiting.set(call, { ...waiting, timer: null })
    this.#lateCount++
    waiting.reject(new ReplyLate('no answer in time'))
  }

  #ping(): void {
    if (++this.#unansweredPings > PINGS_MAX) this.end('it did not answer')
    else this.call({ kind: 'ping' }, 2 ** 31 - 1).catch(() => undefined)
  }

  /** Whatever the graph does must not slow the exact scan down, and it keeps nobody from ending. */
  #yieldToOthers(): void {
    this.#pings.unref()
    this.#child.unref()
    this.#pipe.unref()
    try {
      if (this.#child.pid !== undefined) setPriority(this.#child.pid, constants.priority.PRIORITY_BELOW_NORMAL)
    } catch {
      // It is gone already, which `exit` tells.
    }
  }
}

/** @throws LinkEnded */
function spawnWithPipe(entry: URL): { readonly child: ChildProcess; readonly pipe: Socket } {
  const child = spawn(process.execPath, [fileURLToPath(entry)], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  child.on('error', () => undefined) // would be thrown at nobody
  // Not there when too many files are open, whatever its type says.
  const pipe = (child.stdio as readonly unknown[] | undefined)?.[3]
  if (!(pipe instanceof Socket)) throw new LinkEnded('it could not be started')
  return { child, pipe }
}
