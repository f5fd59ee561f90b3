import type { Command } from 'commander'
import { join } from 'node:path'
import type { RunningService, ServeOptions } from '../dependencies.js'
import { demo } from '../demo.js'
import { packageRoot } from '../package-root.js'
import { startProgress } from '../progress.js'
import type { Session } from '../session.js'
import { EXIT } from '../terminal.js'
import { addressOf, metricsSentences, nextStopSignal } from './serve.js'

/** `portcullis start`: what `npm start` runs. Models, service and demonstration in one go. */
export function addStart(program: Command, session: Session): void {
  program
    .command('start')
    .description('take models from the mirror if there is one, serve on this machine, show the samples, stay up')
    .option('--once', 'end after the table')
    .option('--port <port>', 'where to listen (default 50051; 0 lets the system choose)')
    .option('--data <folder>', 'where the data file lies (default ./data)')
    .option('--models <folder>', 'where the model weights lie')
    .option('--space <id>', 'template space (default: the manifest’s first whose models are installed)')
    .option('--log-level <level>', 'fatal, error, warn, info, debug, trace or silent', 'warn')
    .action(async ({ once, ...options }: ServeOptions & { once?: true }) => {
      const stopRequested = nextStopSignal()
      await installMissing(session, options)
      const service = await session.deps.serve(options)
      try {
        await show(session, service)
        if (once !== true) await stayUp(session, service, stopRequested)
      } finally {
        await service.stop()
      }
      session.finish(EXIT.ok)
    })
}

/**
 * Never reaches past this machine. What cannot be had is left to `serve`, which knows whether it is needed and names the command that
 * mends it.
 */
async function installMissing(session: Session, { models, config }: ServeOptions): Promise<void> {
  const { deps, terminal } = session
  const local = { ...(models === undefined ? {} : { models }), ...(config === undefined ? {} : { config }) }
  const checks = await deps.models.verify(local)
  const absent = checks.filter(({ state }) => state !== 'installed').map(({ model }) => model)
  const ids = absent.map(({ id }) => id)
  if (ids.length === 0) return
  const bar = startProgress(terminal, false, 'bytes')
  const outcomes = await deps.models
    .install({ ...local, ids, neverFetch: true }, (model, receivedBytes) => bar.update(receivedBytes, model.bytes))
    .finally(() => bar.stop())
  if (session.json()) return // stderr is for the one document that says why it failed
  for (const outcome of outcomes)
    if ('reason' in outcome) terminal.note(`model ${outcome.model.id} is not installed: ${outcome.reason}`)
  if (outcomes.length === 0)
    terminal.note(
      `These models are not installed: ${ids.join(', ')}. The package's own take their place where they can; they are small, for ` +
        'trying it out. Stronger ones: npx portcullis models install recommended',
    )
}

async function show({ terminal, json }: Session, service: RunningService): Promise<void> {
  const print = json() ? () => undefined : (line: string) => terminal.line(line)
  print(`Portcullis answers at ${addressOf(service)}, template space ${service.algorithm}.`)
  metricsSentences(service).forEach(print)
  const result = await demo({ address: addressOf(service), samplesFolder: join(packageRoot(), 'samples'), print })
  if (json()) terminal.json(result)
}

async function stayUp({ terminal }: Session, service: RunningService, stopRequested: Promise<void>): Promise<void> {
  terminal.note(`The service stays up at ${addressOf(service)}. Stop it with Ctrl-C.`)
  await stopRequested
  terminal.note('stopping: calls under way are answered')
}
