// A Node client: npm install @grpc/grpc-js @grpc/proto-loader; node examples/client.mjs probe.jpg right-index.fmr (either, or both)
import { readFileSync } from 'node:fs'
import grpc from '@grpc/grpc-js'
import protoLoader from '@grpc/proto-loader'

const proto = protoLoader.loadSync('portcullis/v1/identification.proto', { includeDirs: ['proto'], enums: String })
const { IdentificationService } = grpc.loadPackageDefinition(proto).portcullis.v1
const client = new IdentificationService('127.0.0.1:50051', grpc.credentials.createInsecure())
const files = process.argv.slice(2).map((name) => ({ isFinger: name.endsWith('.fmr'), data: readFileSync(name) }))
const request = {
  probe: files.filter(({ isFinger }) => !isFinger).map(({ data }) => ({ data }))[0],
  fingers: files.filter(({ isFinger }) => isFinger).map(({ data }) => ({ template: { data } })),
  galleryIds: ['samples'],
}
client.identify(request, { deadline: Date.now() + 10_000 }, (error, reply) => {
  if (error) console.error(error.code, error.details)
  else
    console.log(
      reply.outcome,
      reply.candidates.map(({ rank, subjectId, score }) => [rank, subjectId, score]),
    )
})
