import { createSecureContext } from 'node:tls'
import { ServerCredentials } from '@grpc/grpc-js'
import { DomainError } from '../domain/errors.js'

/** PEM files, already read. */
export interface TlsFiles {
  /** The service's certificate, with the chain up to its authority. */
  readonly certificate: Buffer
  readonly key: Buffer
  /** The authority whose certificates clients must show (mutual TLS); without it any client may connect. */
  readonly clientCa?: Buffer
}

/** @throws DomainError INVALID_ARGUMENT when the files are no certificate and key, or do not belong together */
export function credentialsFrom(tls: TlsFiles | null): ServerCredentials {
  if (tls === null) return ServerCredentials.createInsecure()
  const { certificate, key, clientCa } = tls
  try {
    createSecureContext({ cert: certificate, key, ...(clientCa === undefined ? {} : { ca: clientCa }) })
  } catch (cause) {
    throw new DomainError('INVALID_ARGUMENT', 'a TLS certificate and its key in PEM', 'files that are not', {
      field: 'tls',
      cause,
    })
  }
  return ServerCredentials.createSsl(
    clientCa ?? null,
    [{ cert_chain: certificate, private_key: key }],
    clientCa !== undefined,
  )
}
