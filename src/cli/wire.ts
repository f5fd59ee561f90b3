import grpc from '@grpc/grpc-js'
import { loadSync, type MessageTypeDefinition, type PackageDefinition } from '@grpc/proto-loader'
import { join } from 'node:path'
import type { ProtoGrpcType as EnrolmentProto } from '../generated/enrolment.js'
import type { ProtoGrpcType as GalleryProto } from '../generated/gallery.js'
import type { ProtoGrpcType as IdentificationProto } from '../generated/identification.js'
import type { ProtoGrpcType as IndexProto } from '../generated/index.js'
import type { ProtoGrpcType as ToolsProto } from '../generated/tools.js'
import { packageRoot } from './package-root.js'

type V1 = EnrolmentProto['portcullis']['v1'] &
  GalleryProto['portcullis']['v1'] &
  IdentificationProto['portcullis']['v1'] &
  IndexProto['portcullis']['v1'] &
  ToolsProto['portcullis']['v1']

/** The wire contract as the client uses it. */
export interface Wire {
  readonly services: Pick<
    V1,
    | 'EnrolmentService'
    | 'GalleryService'
    | 'IdentificationService'
    | 'IndexService'
    | 'ModelService'
    | 'TemplateService'
  >
  /** Reads a message of the contract by its full name. */
  decode(messageName: string, bytes: Buffer): unknown
}

let loaded: Wire | null = null

/** Reads `proto/` once. The options are those that `src/generated` was made with. */
export function wire(): Wire {
  loaded ??= load()
  return loaded
}

function load(): Wire {
  const files = ['enrolment', 'gallery', 'identification', 'index', 'tools'].map(
    (name) => `portcullis/v1/${name}.proto`,
  )
  const definition: PackageDefinition = loadSync(files, {
    includeDirs: [join(packageRoot(), 'proto')],
    longs: Number,
    enums: String,
    defaults: true,
    oneofs: true,
  })
  const root = grpc.loadPackageDefinition(definition) as unknown as { portcullis: { v1: V1 } }
  return {
    services: root.portcullis.v1,
    decode: (messageName: string, bytes: Buffer) => {
      const type = definition[messageName] as MessageTypeDefinition<object, object> | undefined
      if (type === undefined) throw new Error(`the wire contract has no message ${messageName}`)
      return type.deserialize(bytes)
    },
  }
}
