import { z } from 'zod'
import { manifestSchema } from './schema.js'

/**
 * The form of the manifest as JSON Schema (draft 2020-12), for editors and other programs. It says what one value may
 * be; what must agree between two (names of spaces, models and outputs) only `readManifest` checks.
 */
export function manifestJsonSchema(): string {
  const schema = z.toJSONSchema(manifestSchema, { target: 'draft-2020-12' })
  const { $schema, ...rest } = schema
  return `${JSON.stringify({ $schema, title: 'Portcullis model manifest', ...rest }, null, 2)}\n`
}
