import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { PortcullisClient } from '../../src/cli/client.js'
import { openConnection } from '../../src/cli/connection.js'

/** The real service as a process of its own, started by its own command on a port that the system chooses. */
export class ServiceProcess {
  readonly address: string
  /** From the start of the process to the moment when it answers calls. */
  readonly startMs: number
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, address: string, startMs: number) {
    this.#child = child
    this.address = address
    this.startMs = startMs
  }

  static async start(root: string, dataFolder: string): Promise<ServiceProcess> {
    const startedMs = performance.now()
    const program = join(root, 'dist', 'src', 'main.js')
    const args = [program, 'serve', '--json', '--port', '0', '--data', dataFolder, '--log-level', 'warn']
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const { host, port } = JSON.parse(await firstDocument(child)) as { host: string; port: number }
    return new ServiceProcess(child, `${host}:${port}`, performance.now() - startedMs)
  }

  async client(): Promise<PortcullisClient> {
    return new PortcullisClient(await openConnection({ server: this.address, timeout: '120' }))
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, 'exit')
    this.#child.kill('SIGTERM')
    await exited
  }
}

/** The announcement: one JSON document on stdout, written in one piece. */
async function firstDocument(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the service has no stdout')
  let text = ''
  for await (const chunk of child.stdout) {
    text += String(chunk)
    if (text.trimEnd().endsWith('}')) return text
  }
  throw new Error('the service ended before it answered')
}
