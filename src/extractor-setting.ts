import { resolve } from 'node:path'

/** Which fingerprint extractor the service uses. */
export type ExtractorSetting =
  | { readonly kind: 'builtin' }
  /** A gRPC service `portcullis.v1.Extractor` at host:port. */
  | { readonly kind: 'remote'; readonly address: string; readonly tls: boolean }
  /** An ES module; the path is absolute. */
  | { readonly kind: 'module'; readonly path: string }

export const EXTRACTOR_EXPECTED = '"builtin", grpc://host:port, grpcs://host:port or the path of an .mjs file'

const ADDRESS = /^(grpcs?):\/\/((?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):(\d{1,5}))$/

/** What a setting's text means; null when it means nothing. @param folder where relative paths begin */
export function extractorFrom(text: string, folder: string): ExtractorSetting | null {
  if (text === 'builtin') return { kind: 'builtin' }
  const [, scheme, address = '', port] = ADDRESS.exec(text) ?? []
  if (scheme !== undefined && Number(port) >= 1 && Number(port) <= 65_535)
    return { kind: 'remote', address, tls: scheme === 'grpcs' }
  if (text.endsWith('.mjs') && !text.includes('://')) return { kind: 'module', path: resolve(folder, text) }
  return null
}
