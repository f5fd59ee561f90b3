/**
 * An answer of the service as plain JSON: times as ISO 8601, without proto-loader's "_field" markers of optional
 * fields. Field names are the proto's, in camel case.
 */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  if (isTimestamp(value)) return new Date(value.seconds * 1000 + value.nanos / 1e6).toISOString()
  const fields = Object.entries(value).filter(([name, field]) => !name.startsWith('_') && field !== undefined)
  return Object.fromEntries(fields.map(([name, field]) => [name, plain(field)]))
}

function isTimestamp(value: object): value is { seconds: number; nanos: number } {
  return Object.keys(value).length === 2 && 'seconds' in value && 'nanos' in value
}
