/** A comment longer than this is no NISTCOM. */
const COMMENT_BYTES_MAX = 4096

/**
 * The scan's pixels per inch, where a comment is a NISTCOM (lines of name and value, NBIS) and says so; else null.
 * It writes -1 for unknown.
 */
export function commentPpi(comment: Uint8Array): number | null {
  if (comment.length > COMMENT_BYTES_MAX) return null
  const text = String.fromCharCode(...comment)
  if (!text.startsWith('NIST_COM')) return null
  const ppi = Number(/^PPI (\d{1,5})$/m.exec(text)?.[1] ?? 0)
  return ppi > 0 ? ppi : null
}
