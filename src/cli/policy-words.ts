import { MULTI_FACE_POLICIES, PROBE_RETENTIONS, type MultiFacePolicy, type ProbeRetention } from '../domain/gallery.js'
import type { MultiFacePolicy as WireMultiFace } from '../generated/portcullis/v1/MultiFacePolicy.js'
import type { ProbeRetention as WireRetention } from '../generated/portcullis/v1/ProbeRetention.js'

/** The words of the command line for enums of the wire contract. */
export const MULTI_FACE: Record<MultiFacePolicy, WireMultiFace> = {
  'reject-several': 'MULTI_FACE_REJECT_SEVERAL',
  'most-central': 'MULTI_FACE_MOST_CENTRAL',
  largest: 'MULTI_FACE_LARGEST',
  all: 'MULTI_FACE_ALL',
}

export const PROBE_RETENTION: Record<ProbeRetention, WireRetention> = {
  never: 'PROBE_RETENTION_NEVER',
  referred: 'PROBE_RETENTION_REFERRED',
  always: 'PROBE_RETENTION_ALWAYS',
}

/** The word for a wire value; the value itself when a later service sends one that is not known here. */
export function multiFaceWord(value: WireMultiFace): string {
  return MULTI_FACE_POLICIES.find((word) => MULTI_FACE[word] === value) ?? String(value)
}

export function probeRetentionWord(value: WireRetention): string {
  return PROBE_RETENTIONS.find((word) => PROBE_RETENTION[word] === value) ?? String(value)
}
