import type { ClientDuplexStream } from '@grpc/grpc-js'
import { definitions } from '../../../src/api/proto.js'
import type { BulkEnrolRequest } from '../../../src/generated/portcullis/v1/BulkEnrolRequest.js'
import type { BulkEnrolResult__Output } from '../../../src/generated/portcullis/v1/BulkEnrolResult.js'
import type { CreateSubjectRequest } from '../../../src/generated/portcullis/v1/CreateSubjectRequest.js'
import type { IdentifyResponse__Output } from '../../../src/generated/portcullis/v1/IdentifyResponse.js'
import type { Subject__Output } from '../../../src/generated/portcullis/v1/Subject.js'
import type { TestClient } from '../../api/support/client.js'

const { BulkEnrol, ListSubjects, CreateSubject } = definitions.enrolment
const { CreateGallery } = definitions.galleries
const { Identify } = definitions.identification

export const GALLERY_ID = 'watch'

export async function createWatchlist(client: TestClient): Promise<void> {
  const policy = { candidateCountMax: 1000 } // long enough for every subject that a test enrols
  await client.call(CreateGallery, { gallery: { galleryId: GALLERY_ID, owner: 'A', purpose: 'Tests', policy } })
}

/** The request for one subject of the watchlist; the same arguments give the same request, its id included. */
export function enrolmentOf(subjectId: string, images: readonly Buffer[]): CreateSubjectRequest {
  return {
    requestId: `request-${subjectId}`,
    subjectId,
    externalId: `external-${subjectId}`,
    displayName: `Name of ${subjectId}`,
    galleryIds: [GALLERY_ID],
    encounter: { encounterId: `encounter-${subjectId}`, samples: images.map((data) => ({ data })) },
  }
}

export async function enrol(client: TestClient, request: CreateSubjectRequest): Promise<Subject__Output> {
  return client.call(CreateSubject, request)
}

export type BulkStream = ClientDuplexStream<BulkEnrolRequest, BulkEnrolResult__Output>

/** Sends all requests over one stream, numbered from 0. */
export function sendInBulk(client: TestClient, requests: readonly CreateSubjectRequest[]): BulkStream {
  const stream = client.stream(BulkEnrol)
  requests.forEach((createSubject, item) => stream.write({ item, createSubject }))
  stream.end()
  return stream
}

/** Every subject of the watchlist, over as many pages as it takes. */
export async function listWatchlist(client: TestClient): Promise<readonly Subject__Output[]> {
  const subjects: Subject__Output[] = []
  let pageToken = ''
  do {
    const page = await client.call(ListSubjects, { galleryId: GALLERY_ID, pageSize: 25, pageToken })
    subjects.push(...page.subjects)
    pageToken = page.nextPageToken
  } while (pageToken !== '')
  return subjects
}

/** @param thresholdScore the space's own when left out */
export async function identify(
  client: TestClient,
  image: Buffer,
  thresholdScore?: number,
): Promise<IdentifyResponse__Output> {
  const threshold = thresholdScore === undefined ? {} : { thresholdScore }
  return client.call(Identify, { probe: { data: image }, galleryIds: [GALLERY_ID], ...threshold })
}

export function candidateIds({ candidates }: IdentifyResponse__Output): readonly string[] {
  return candidates.map(({ subjectId }) => subjectId)
}
