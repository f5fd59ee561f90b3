// Writes models/manifest.schema.json, which editors check models/manifest.json with: node dist/scripts/manifest-schema.js
import { writeFileSync } from 'node:fs'
import { manifestJsonSchema } from '../src/adapters/manifest/json-schema.js'

writeFileSync(new URL('../../models/manifest.schema.json', import.meta.url), manifestJsonSchema())
