// `portcullis serve` in a process of its own, over the bench's services: for signals and exit codes.
import { templateTools } from '../../../src/compose-finger.js'
import { runProgram } from '../../../src/cli/run.js'
import { Terminal } from '../../../src/cli/terminal.js'
import { DomainError } from '../../../src/domain/errors.js'
import { ServiceBench } from '../../support/service-bench.js'
import { serverOf } from './cli-bench.js'

const absent = () => Promise.reject(new TypeError('not part of this bench'))

process.exitCode = await runProgram(
  {
    version: '0.0.0-test',
    terminal: new Terminal(process.stdout, process.stderr),
    environment: process.env,
    doctor: absent,
    evaluateVerification: absent,
    models: { verify: absent, install: absent },
    templates: templateTools(),
    serve: async ({ space }) => {
      if (space === 'absent')
        throw new DomainError('MODEL_NOT_INSTALLED', 'its models', 'none; run portcullis models install')
      const service = await ServiceBench.open()
      const server = await serverOf(service)
      const stop = async () => {
        await server.drain()
        await service.close()
        process.stderr.write('data file closed\n')
      }
      return { host: server.host, port: server.port, tls: false, algorithm: 'circle@000000000001', stop }
    },
  },
  process.argv.slice(2),
)
