import { Option, type Command } from 'commander'
import {
  MULTI_FACE_POLICIES,
  PROBE_RETENTIONS,
  type MultiFacePolicy,
  type ProbeRetention,
} from '../../domain/gallery.js'
import { LIMITS } from '../../domain/limits.js'
import type { Gallery__Output } from '../../generated/portcullis/v1/Gallery.js'
import type { PortcullisClient } from '../client.js'
import type { ConnectionOptions } from '../connection.js'
import { wholeNumber } from '../numbers.js'
import { plain } from '../plain.js'
import { MULTI_FACE, multiFaceWord, PROBE_RETENTION, probeRetentionWord } from '../policy-words.js'
import { withClient, withConnection, type Session } from '../session.js'
import { EXIT, type Terminal } from '../terminal.js'
import { addGalleryMonitor } from './gallery-monitor.js'

interface CreateOptions extends ConnectionOptions {
  readonly owner: string
  readonly purpose: string
  readonly minimumQuality?: number
  readonly faces: MultiFacePolicy
  readonly candidates: number
  readonly retentionDays: number
  readonly probeRetention: ProbeRetention
}

/** `portcullis gallery`: the lists that searches cover. */
export function addGallery(program: Command, session: Session): void {
  const gallery = program.command('gallery').description('galleries: the lists that searches cover')
  addCreate(gallery, session)
  withConnection(gallery.command('list').description('every gallery'), session).action(
    async (options: ConnectionOptions) => list(session, await withClient(options, allGalleries)),
  )
  withConnection(gallery.command('show <id>').description('one gallery with its policy'), session).action(
    async (id: string, options: ConnectionOptions) =>
      show(session, await withClient(options, (client) => client.getGallery(id))),
  )
  addGalleryMonitor(gallery, session)
  withConnection(gallery.command('delete <id>').description('delete a gallery; its subjects stay enrolled'), session)
    .option('--remove-memberships', 'also when subjects are in it', false)
    .action(async (galleryId: string, options: ConnectionOptions & { removeMemberships: boolean }) => {
      const { removeMemberships } = options
      await withClient(options, (client) => client.deleteGallery({ galleryId, removeMemberships }))
      if (session.json()) session.terminal.json({ deleted: true })
      else session.terminal.line('The gallery is deleted.')
      session.finish(EXIT.ok)
    })
}

function addCreate(gallery: Command, session: Session): void {
  withConnection(gallery.command('create <id>').description('create a gallery'), session)
    .requiredOption('--owner <authority>', 'the authority that answers for the list')
    .requiredOption('--purpose <text>', 'why the list exists and on which legal basis')
    .option('--minimum-quality <quality>', 'samples below it are refused, 0 to 100 (default 20)', wholeNumber(0, 100))
    .addOption(
      new Option('--faces <policy>', 'when an image shows several')
        .choices(MULTI_FACE_POLICIES)
        .default('reject-several'),
    )
    .option('--candidates <count>', 'longest candidate list', wholeNumber(1, LIMITS.candidatesMax), 10)
    .option(
      '--retention-days <days>',
      'memberships end after this; 0 keeps them',
      wholeNumber(0, LIMITS.retentionDaysMax),
      0,
    )
    .addOption(
      new Option('--probe-retention <when>', 'whether probes may be kept').choices(PROBE_RETENTIONS).default('never'),
    )
    .action(async (galleryId: string, options: CreateOptions) => {
      const { owner, purpose } = options
      const request = { gallery: { galleryId, owner, purpose, policy: policyOf(options) } }
      show(session, await withClient(options, (client) => client.createGallery(request)))
    })
}

function policyOf({ minimumQuality, faces, candidates, retentionDays, probeRetention }: CreateOptions) {
  return {
    ...(minimumQuality === undefined ? {} : { minimumQuality }), // 0 is a policy of its own, so the default is left out
    multiFace: MULTI_FACE[faces],
    candidateCountMax: candidates,
    retentionDays,
    probeRetention: PROBE_RETENTION[probeRetention],
  }
}

/** All pages; a service holds at most `LIMITS.galleriesMax`. */
async function allGalleries(client: PortcullisClient): Promise<readonly Gallery__Output[]> {
  const galleries: Gallery__Output[] = []
  let pageToken = ''
  do {
    const page = await client.listGalleries(LIMITS.pageSizeMax, pageToken)
    galleries.push(...page.galleries)
    pageToken = page.nextPageToken
  } while (pageToken !== '' && galleries.length < LIMITS.galleriesMax)
  return galleries
}

function list({ terminal, json, finish }: Session, galleries: readonly Gallery__Output[]): void {
  if (json()) terminal.json({ galleries: plain(galleries) })
  else if (galleries.length === 0) terminal.line('There is no gallery yet. Make one with: portcullis gallery create')
  else
    terminal.table(
      ['gallery', 'owner', 'purpose', 'subjects', 'references'],
      galleries.map(({ galleryId, owner, purpose, subjectCount, referenceCount }) => [
        galleryId,
        owner,
        purpose,
        String(subjectCount),
        String(referenceCount),
      ]),
    )
  finish(EXIT.ok)
}

function show({ terminal, json, finish }: Session, gallery: Gallery__Output): void {
  if (json()) terminal.json(plain(gallery))
  else print(terminal, gallery)
  finish(EXIT.ok)
}

function print(
  terminal: Terminal,
  { galleryId, owner, purpose, policy, subjectCount, referenceCount }: Gallery__Output,
): void {
  terminal.line(`Gallery   ${galleryId}: ${subjectCount} subjects, ${referenceCount} references`)
  terminal.line(`Owner     ${owner}`)
  terminal.line(`Purpose   ${purpose}`)
  if (policy === null) return
  terminal.line(`Quality   at least ${policy.minimumQuality}`)
  terminal.line(`Faces     ${multiFaceWord(policy.multiFace)}`)
  terminal.line(
    `Search    at most ${policy.candidateCountMax} candidates; probes kept: ${probeRetentionWord(policy.probeRetention)}`,
  )
  terminal.line(`Retention ${policy.retentionDays === 0 ? 'until removed' : `${policy.retentionDays} days`}`)
}
