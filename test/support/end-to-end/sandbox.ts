import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ChildProgram, type Environment } from './child-program.js'
import { RunningProgram } from './running-program.js'

/** Loading the models takes about a second; a machine that does much else may need some more. */
const START_MAX_MS = 30_000

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A temporary folder and the processes that work in it; `close` leaves nothing of either. */
export class Sandbox {
  readonly #children: ChildProgram[] = []
  readonly #services: RunningProgram[] = []
  readonly #environment: Environment

  private constructor(
    readonly folder: string,
    weightsFolder: string,
  ) {
    this.#environment = { PORTCULLIS_MODELS_DIR: weightsFolder }
  }

  static async open(weightsFolder: string): Promise<Sandbox> {
    const folder = await mkdtemp(join(tmpdir(), 'portcullis-end-to-end-'))
    return new Sandbox(folder, weightsFolder)
  }

  get dataFile(): string {
    return join(this.folder, 'data', 'portcullis.sqlite')
  }

  /** Runs one command line to its end. */
  async run(args: readonly string[], environment: Environment = {}): Promise<Ran> {
    const child = this.#spawn(args, environment)
    const { code } = await child.exit
    return { code, stdout: child.stdout, stderr: child.stderr }
  }

  /** Starts the service on the sandbox's data folder and a free port; resolves when it answers calls. */
  async serve(environment: Environment = {}): Promise<RunningProgram> {
    const args = ['--json', 'serve', '--port', '0', '--data', join(this.folder, 'data')]
    const child = this.#spawn(args, environment)
    const { port, metricsPort } = await announced(child)
    const service = new RunningProgram(child, port, metricsPort)
    this.#services.push(service)
    return service
  }

  /** Writes a file into the sandbox; gives its path. */
  async put(path: string, content: Uint8Array | string): Promise<string> {
    const file = join(this.folder, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, content)
    return file
  }

  async close(): Promise<void> {
    for (const { client } of this.#services) client.close()
    await Promise.all(this.#children.map((child) => child.end('SIGKILL')))
    await rm(this.folder, { recursive: true, force: true })
  }

  #spawn(args: readonly string[], environment: Environment): ChildProgram {
    const child = new ChildProgram(args, this.folder, { ...this.#environment, ...environment })
    this.#children.push(child)
    return child
  }
}

interface Announced {
  readonly port: number
  readonly metricsPort: number | null
}

/** `serve --json` prints one document once it answers calls. */
async function announced(child: ChildProgram): Promise<Announced> {
  const endMs = performance.now() + START_MAX_MS
  while (!child.stdout.endsWith('}\n')) {
    if (child.hasEnded) throw new Error(`the service ended before it answered: ${child.stderr}`)
    if (performance.now() > endMs) throw new Error('the service did not answer in time')
    await sleep(10)
  }
  return JSON.parse(child.stdout) as Announced
}
