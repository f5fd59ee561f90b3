import type { Command } from 'commander'
import type { AuditIndexProgress__Output } from '../../generated/portcullis/v1/AuditIndexProgress.js'
import type { ModeAudit__Output } from '../../generated/portcullis/v1/ModeAudit.js'
import type { VerifyIndexProgress__Output } from '../../generated/portcullis/v1/VerifyIndexProgress.js'
import { auditText } from '../audit-text.js'
import type { PortcullisClient } from '../client.js'
import type { ConnectionOptions } from '../connection.js'
import { wholeNumber } from '../numbers.js'
import { plain } from '../plain.js'
import { startProgress } from '../progress.js'
import { withClient, withConnection, type Session } from '../session.js'
import { printIndexStatus } from '../show-index-status.js'
import { EXIT } from '../terminal.js'

interface VerifyOptions extends ConnectionOptions {
  readonly sample: number
  readonly seed: number
  readonly progress?: true
}

interface AuditOptions extends ConnectionOptions {
  readonly probes: number
  readonly seed: number
  readonly progress?: true
}

const SEED_MAX = 2 ** 32 - 1

/** `portcullis index`: looking after the index that searches go through. */
export function addIndex(program: Command, session: Session): void {
  const index = program.command('index').description('the search index: state, proof, making it anew')
  withConnection(index.command('status').description('what the index holds and how well it does'), session).action(
    async (options: ConnectionOptions) => showStatus(session, options, (client) => client.indexStatus()),
  )
  withConnection(index.command('rebuild').description('read the index again from the data file'), session)
    .option('--graph-only', 'only the graph; searches go on without a pause', false)
    .action(async (options: ConnectionOptions & { graphOnly: boolean }) =>
      showStatus(session, options, (client) => client.rebuildIndex(options.graphOnly)),
    )
  addVerify(index, session)
  addAudit(index, session)
}

async function showStatus(
  { terminal, json, finish }: Session,
  options: ConnectionOptions,
  ask: (client: PortcullisClient) => ReturnType<PortcullisClient['indexStatus']>,
): Promise<void> {
  const status = await withClient(options, ask)
  if (json()) terminal.json(plain(status))
  else printIndexStatus(terminal, status)
  finish(EXIT.ok)
}

function addVerify(index: Command, session: Session): void {
  withConnection(index.command('verify').description('search references by their own templates'), session)
    .option('--sample <count>', 'so many, drawn at random; 0 for every one', wholeNumber(0, Number.MAX_SAFE_INTEGER), 0)
    .option('--seed <number>', 'draw the same ones again', wholeNumber(0, SEED_MAX), 0)
    .option('--progress', 'show progress although stderr is not a terminal')
    .addHelpText('after', '\nExit codes: 0 all were found, 1 some were not: rebuild the index.')
    .action(async (options: VerifyOptions) => {
      const request = { sampleCount: options.sample, seed: options.seed }
      const work = (client: PortcullisClient, bar: OnProgress) => client.verifyIndex(request, bar)
      finishVerify(session, await watched(session, options, 'references', work))
    })
}

function addAudit(index: Command, session: Session): void {
  withConnection(index.command('audit').description('count what the graph misses of the exact scan'), session)
    .option('--probes <count>', 'disturbed templates to search for', wholeNumber(1, 100_000), 1_000)
    .option('--seed <number>', 'draw and disturb the same ones again', wholeNumber(0, SEED_MAX), 0)
    .option('--progress', 'show progress although stderr is not a terminal')
    .addHelpText('after', '\nExit codes: 0 the mode verified missed nothing, 1 it did: a fault of the service.')
    .action(async (options: AuditOptions) => {
      const request = { probeCount: options.probes, seed: options.seed }
      const work = (client: PortcullisClient, bar: OnProgress) => client.auditIndex(request, bar)
      finishAudit(session, await watched(session, options, 'probes', work))
    })
}

type OnProgress = (progress: { readonly checkedCount: number; readonly totalCount: number }) => void

/** Runs a long call behind a progress bar. */
async function watched<Result>(
  { terminal }: Session,
  { progress, ...options }: ConnectionOptions & { readonly progress?: true },
  unit: string,
  work: (client: PortcullisClient, onProgress: OnProgress) => Promise<Result>,
): Promise<Result> {
  const bar = startProgress(terminal, progress === true, unit)
  try {
    return await withClient(options, (client) =>
      work(client, ({ checkedCount, totalCount }) => bar.update(checkedCount, totalCount)),
    )
  } finally {
    bar.stop()
  }
}

function finishVerify({ terminal, json, finish }: Session, result: VerifyIndexProgress__Output): void {
  const { checkedCount, failedCount, goneCount, seed } = result
  if (json()) terminal.json(plain(result))
  else {
    terminal.line(`Verified  ${checkedCount} references by their own templates, seed ${seed}`)
    terminal.line(failedCount === 0 ? 'Failed    none' : `FAILED    ${failedCount}: run portcullis index rebuild`)
    if (goneCount > 0) terminal.line(`Gone      ${goneCount} were deleted meanwhile`)
  }
  finish(failedCount === 0 ? EXIT.ok : EXIT.failed)
}

function finishAudit({ terminal, json, finish }: Session, result: AuditIndexProgress__Output): void {
  const { checkedCount, hnsw, verified, seed } = result
  if (json()) terminal.json(plain(result))
  else {
    terminal.line(`Audited   ${checkedCount} probes against the exact scan, seed ${seed}`)
    terminal.table(
      ['mode', 'searches', 'of the 10 most similar', 'of the most similar'],
      [rowOf('hnsw', hnsw), rowOf('verified', verified)],
    )
  }
  finish((verified?.neighbours?.missedCount ?? 0) === 0 ? EXIT.ok : EXIT.failed)
}

function rowOf(mode: string, audit: ModeAudit__Output | null): readonly string[] {
  const textOf = (part: 'neighbours' | 'best') => (audit?.[part] ? auditText(audit[part]) : '-')
  return [mode, String(audit?.searchCount ?? 0), textOf('neighbours'), textOf('best')]
}
