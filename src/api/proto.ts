import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadSync, type MessageTypeDefinition } from '@grpc/proto-loader'
import type { EnrolmentServiceDefinition } from '../generated/portcullis/v1/EnrolmentService.js'
import type { GalleryServiceDefinition } from '../generated/portcullis/v1/GalleryService.js'
import type { IdentificationServiceDefinition } from '../generated/portcullis/v1/IdentificationService.js'
import type { IndexServiceDefinition } from '../generated/portcullis/v1/IndexService.js'
import type { ModelServiceDefinition } from '../generated/portcullis/v1/ModelService.js'
import type { QualityServiceDefinition } from '../generated/portcullis/v1/QualityService.js'
import type { TemplateServiceDefinition } from '../generated/portcullis/v1/TemplateService.js'

/** The files that define services; what they import comes along. */
const FILES = ['enrolment', 'gallery', 'identification', 'index', 'tools'].map((name) => `portcullis/v1/${name}.proto`)

/** The wire contract. The options are those that `npm run generate` makes the types of src/generated with. */
export const packageDefinition = loadSync(FILES, {
  includeDirs: [protoFolder()],
  longs: Number,
  enums: String,
  defaults: true,
  oneofs: true,
})

/** The services that are offered, by what they are called in `StartOptions.services`. */
export const definitions = {
  enrolment: entry<EnrolmentServiceDefinition>('portcullis.v1.EnrolmentService'),
  galleries: entry<GalleryServiceDefinition>('portcullis.v1.GalleryService'),
  identification: entry<IdentificationServiceDefinition>('portcullis.v1.IdentificationService'),
  index: entry<IndexServiceDefinition>('portcullis.v1.IndexService'),
  quality: entry<QualityServiceDefinition>('portcullis.v1.QualityService'),
  templates: entry<TemplateServiceDefinition>('portcullis.v1.TemplateService'),
  models: entry<ModelServiceDefinition>('portcullis.v1.ModelService'),
} as const

/** Full names of the services that are offered, for health and reflection. */
export const SERVICE_NAMES: readonly string[] = [
  'portcullis.v1.EnrolmentService',
  'portcullis.v1.GalleryService',
  'portcullis.v1.IdentificationService',
  'portcullis.v1.IndexService',
  'portcullis.v1.QualityService',
  'portcullis.v1.TemplateService',
  'portcullis.v1.ModelService',
]

/** A message by its full name, with its serialiser and deserialiser. */
export function messageType<Input, Output>(name: string): MessageTypeDefinition<Input, Output> {
  return entry<MessageTypeDefinition<Input, Output>>(name)
}

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the loader knows only names, the caller says the generated type
function entry<T>(name: string): T {
  const found = packageDefinition[name]
  if (found === undefined) throw new Error(`the proto folder does not define ${name}`)
  return found as unknown as T
}

/** The nearest `proto/` above this file: the same from src/api, from dist/src/api and from a clone in any folder. */
function protoFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url))
  for (let folder = here; ; folder = dirname(folder)) {
    const candidate = join(folder, 'proto')
    if (existsSync(join(candidate, 'portcullis', 'v1'))) return candidate
    if (folder === dirname(folder)) throw new Error(`no folder above ${here} holds proto/portcullis/v1`)
  }
}
