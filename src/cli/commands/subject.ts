import type { Command } from 'commander'
import { LIMITS } from '../../domain/limits.js'
import type { EnrolledSample__Output } from '../../generated/portcullis/v1/EnrolledSample.js'
import type { Subject__Output } from '../../generated/portcullis/v1/Subject.js'
import type { PortcullisClient } from '../client.js'
import type { ConnectionOptions } from '../connection.js'
import { positionWord } from '../fingers/positions.js'
import { wholeNumber } from '../numbers.js'
import { plain } from '../plain.js'
import { withClient, withConnection, type Session } from '../session.js'
import { EXIT, type Terminal } from '../terminal.js'

interface ListOptions extends ConnectionOptions {
  readonly gallery: string
  readonly limit: number
}

/** `portcullis subject`: who is enrolled. */
export function addSubject(program: Command, session: Session): void {
  const { terminal, json, finish } = session
  const subject = program.command('subject').description('enrolled subjects')
  withConnection(subject.command('show <id>').description('one subject with its encounters'), session).action(
    async (id: string, options: ConnectionOptions) => {
      const found = await withClient(options, (client) => client.getSubject(id))
      if (json()) terminal.json(plain(found))
      else print(terminal, found)
      finish(EXIT.ok)
    },
  )
  withConnection(subject.command('list').description('subjects in the order of enrolment'), session)
    .option('--gallery <id>', 'only those in this gallery', '')
    .option('--limit <count>', 'at most this many', wholeNumber(1, 100_000), 1000)
    .action(async (options: ListOptions) => {
      list(session, await withClient(options, (client) => subjectsOf(client, options)), options.limit)
      finish(EXIT.ok)
    })
  withConnection(
    subject.command('delete <id>').description('delete a subject with all samples and templates'),
    session,
  ).action(async (id: string, options: ConnectionOptions) => {
    await withClient(options, (client) => client.deleteSubject(id))
    if (json()) terminal.json({ deleted: true })
    else terminal.line('The subject is deleted; no search finds it any more.')
    finish(EXIT.ok)
  })
}

/** As many pages as it takes for one subject more than the limit: so the end of the list is known. */
async function subjectsOf(
  client: PortcullisClient,
  { gallery, limit }: ListOptions,
): Promise<readonly Subject__Output[]> {
  const subjects: Subject__Output[] = []
  let pageToken = ''
  do {
    const page = await client.listSubjects(gallery, Math.min(limit + 1, LIMITS.pageSizeDefault), pageToken)
    subjects.push(...page.subjects)
    pageToken = page.nextPageToken
  } while (pageToken !== '' && subjects.length <= limit)
  return subjects
}

function list({ terminal, json }: Session, found: readonly Subject__Output[], limit: number): void {
  const subjects = found.slice(0, limit)
  const hasMore = found.length > limit
  if (json()) {
    terminal.json({ subjects: plain(subjects), hasMore })
    return
  }
  if (subjects.length === 0) {
    terminal.line('No subject is enrolled there.')
    return
  }
  terminal.table(
    ['subject', 'external id', 'name', 'galleries', 'encounters'],
    subjects.map(({ subjectId, externalId, displayName, galleryIds, encounters }) => [
      subjectId,
      externalId,
      displayName,
      galleryIds.join(', '),
      String(encounters.length),
    ]),
  )
  if (hasMore) terminal.line(`There are more than ${limit}; ask for more with --limit.`)
}

function print(terminal: Terminal, subject: Subject__Output): void {
  terminal.line(`Subject   ${subject.subjectId}`)
  terminal.line(`External  ${subject.externalId || '-'}`)
  terminal.line(`Name      ${subject.displayName || '-'}`)
  for (const [key, value] of Object.entries(subject.attributes)) terminal.line(`          ${key}: ${value}`)
  terminal.line(`Galleries ${subject.galleryIds.join(', ') || 'none: no search finds this subject'}`)
  terminal.table(
    ['encounter', 'status', 'source', 'samples', 'quality'],
    subject.encounters.map(({ encounterId, status, source, samples }) => [
      encounterId,
      status.replace('ENCOUNTER_STATUS_', '').toLowerCase(),
      source,
      samples.map(sampleWord).join(', '),
      samples.map(qualityText).join(', '),
    ]),
  )
}

/** What a sample is of: "face", "right-index". */
function sampleWord({ kind, finger }: EnrolledSample__Output): string {
  if (finger !== null) return positionWord(finger.position)
  return kind === 'imported-template' ? 'imported template' : 'face'
}

function qualityText({ quality, finger }: EnrolledSample__Output): string {
  return (quality?.quality ?? finger?.quality)?.toFixed(0) ?? '-'
}
