import { readFile } from 'node:fs/promises'
import type { MethodDefinition } from '@grpc/proto-loader'
import { service as healthService } from 'grpc-health-check'
import { TestClient } from '../../api/support/client.js'
import type { ChildProgram, Exit } from './child-program.js'

const Check = healthService.Check as unknown as MethodDefinition<object, object, object, { status: string }>

/** A service in a process of its own, and a client that is connected to it. */
export class RunningProgram {
  readonly client: TestClient

  constructor(
    readonly program: ChildProgram,
    readonly port: number,
    /** Null where metrics are not served. */
    readonly metricsPort: number | null = null,
  ) {
    this.client = new TestClient(port)
  }

  get address(): string {
    return `127.0.0.1:${this.port}`
  }

  /** Structured log lines of calls and failures; the few plain lines for people are left out. */
  get logLines(): readonly string[] {
    return this.program.stderr.split('\n').filter((line) => line.startsWith('{'))
  }

  /** What the standard health service says of the whole service. */
  async health(): Promise<string> {
    return (await this.client.call(Check, { service: '' }, { deadline: Date.now() + 5_000 })).status
  }

  /** Physical memory of the process in MiB, as Linux counts it. */
  async residentMib(): Promise<number> {
    const status = await readFile(`/proc/${this.program.pid}/status`, 'utf8')
    const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]
    if (kib === undefined) throw new Error('the process has no VmRSS')
    return Number(kib) / 1024
  }

  /** SIGTERM lets it finish, SIGKILL is a power cut as far as a process can see. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<Exit> {
    const exit = await this.program.end(signal)
    this.client.close()
    return exit
  }
}
