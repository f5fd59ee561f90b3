import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import grpc from '@grpc/grpc-js'
import { loadSync, type MessageTypeDefinition, type PackageDefinition } from '@grpc/proto-loader'
import type { ProtoGrpcType as ExtractorProto } from '../../generated/extractor.js'
import type { ProtoGrpcType as HealthProto } from '../../generated/health.js'

/** The contract as the client uses it. */
export interface Wire {
  readonly Extractor: ExtractorProto['portcullis']['v1']['Extractor']
  readonly Health: HealthProto['grpc']['health']['v1']['Health']
  /** Reads a google.rpc message by its full name. @throws Error for bytes that do not hold one */
  decode(messageName: string, bytes: Buffer): unknown
}

const FILES = ['portcullis/v1/extractor.proto', 'grpc/health/v1/health.proto', 'google/rpc/error_details.proto']

let loaded: Wire | null = null

/** Reads `proto/` once. The options are those that `npm run generate` makes the types of src/generated with. */
export function wire(): Wire {
  loaded ??= load()
  return loaded
}

function load(): Wire {
  const definition: PackageDefinition = loadSync(FILES, {
    includeDirs: [protoFolder()],
    longs: Number,
    enums: String,
    defaults: true,
    oneofs: true,
  })
  const root = grpc.loadPackageDefinition(definition) as unknown as ExtractorProto & HealthProto
  return {
    Extractor: root.portcullis.v1.Extractor,
    Health: root.grpc.health.v1.Health,
    decode: (messageName, bytes) =>
      (definition[messageName] as MessageTypeDefinition<object, object>).deserialize(bytes),
  }
}

/** The nearest `proto/` above this file: the same from src/, from dist/ and from an installed package. */
function protoFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'proto', 'portcullis', 'v1'))) {
    if (dirname(folder) === folder) throw new Error('the proto folder is not beside the program')
    folder = dirname(folder)
  }
  return join(folder, 'proto')
}
