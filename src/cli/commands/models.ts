import type { Command } from 'commander'
import type { InstallOutcome, ModelCheck } from '../../domain/model-installation.js'
import type { LocalOptions } from '../dependencies.js'
import { startProgress } from '../progress.js'
import type { Session } from '../session.js'
import { EXIT } from '../terminal.js'

/** `portcullis models`: the weights files on this machine. */
export function addModels(program: Command, session: Session): void {
  const models = program.command('models').description('model weights on this machine')
  const local = (command: Command) =>
    command
      .option('--models <folder>', 'where the model weights lie')
      .option('--config <file>', 'JSON file with settings')
  local(models.command('list').description('every model of the manifest and its state')).action(
    async (options: LocalOptions) => {
      list(session, await session.deps.models.verify(options))
      session.finish(EXIT.ok)
    },
  )
  local(models.command('verify').description('re-hash every file; exit code 2 when one is missing or damaged')).action(
    async (options: LocalOptions) => session.finish(verify(session, await session.deps.models.verify(options))),
  )
  local(models.command('install').description('fetch, verify and put in place; exit code 2 when some are missing'))
    .argument('[ids...]', 'model ids, or "recommended" for all that are stronger than the shipped ones; none means all')
    .option('--mirror <folder>', 'take the files from this folder and never from the network')
    .option('--progress', 'show progress although stderr is not a terminal')
    .action(async (ids: string[], options: LocalOptions & { mirror?: string; progress?: true }) => {
      session.finish(await install(session, ids, options))
    })
}

function list({ terminal, json }: Session, checks: readonly ModelCheck[]): void {
  if (json()) {
    terminal.json({ models: checks.map(checkToJson) })
    return
  }
  terminal.table(
    ['id', 'role', 'state', 'licence'],
    checks.map(({ model, state }) => [model.id, model.role, state, model.licence]),
  )
}

function verify({ terminal, json }: Session, checks: readonly ModelCheck[]) {
  const bad = checks.filter((check) => check.state !== 'installed')
  if (json()) terminal.json({ models: checks.map(checkToJson) })
  else {
    for (const { model, state, reason } of checks)
      terminal.line(`${model.id}: ${state}${reason === '' ? '' : `, ${reason}`}`)
    terminal.line(`${checks.length - bad.length} of ${checks.length} models are installed and intact.`)
    if (bad.length > 0) terminal.line('Run: npx portcullis models install')
  }
  return bad.length > 0 ? EXIT.someRefused : EXIT.ok
}

async function install(
  session: Session,
  ids: readonly string[],
  { mirror, progress, ...local }: LocalOptions & { mirror?: string; progress?: true },
) {
  const { terminal, deps } = session
  const bar = startProgress(terminal, progress === true, 'bytes')
  const options = { ...local, ids, ...(mirror === undefined ? {} : { modelsMirror: mirror }) }
  const outcomes = await deps.models
    .install(options, (model, receivedBytes) => bar.update(receivedBytes, model.bytes))
    .finally(() => bar.stop())
  const missing = outcomes.filter((outcome) => 'reason' in outcome)
  if (session.json()) terminal.json({ models: outcomes.map(outcomeToJson) })
  else {
    for (const outcome of outcomes) terminal.line(sentenceOf(outcome))
    terminal.line(`${outcomes.length - missing.length} of ${outcomes.length} wanted models are installed.`)
  }
  return missing.length > 0 ? EXIT.someRefused : EXIT.ok
}

function sentenceOf(outcome: InstallOutcome): string {
  const { id } = outcome.model
  switch (outcome.outcome) {
    case 'already-installed':
      return `${id}: already installed`
    case 'installed':
      return `${id}: installed from ${outcome.from}`
    default:
      return `${id}: NOT installed (${outcome.outcome}): ${outcome.reason}`
  }
}

function outcomeToJson({ model, ...outcome }: InstallOutcome): unknown {
  return { modelId: model.id, ...outcome }
}

function checkToJson({ model, state, reason }: ModelCheck): unknown {
  const { id, role, licence, caveats, sha256, file } = model
  return { modelId: id, role, state, reason, licence, caveats, file, sha256 }
}
