// `portcullis serve` in a process of its own, over the bench's services: for signals and exit codes.
import { startMetricsEndpoint } from '../../../src/api/metrics-endpoint.js'
import { PrometheusMetrics } from '../../../src/adapters/metrics/prometheus-metrics.js'
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
    evaluateIdentification: absent,
    calibrate: absent,
    testExtractor: absent,
    models: { verify: absent, install: absent },
    templates: templateTools(),
    serve: async ({ space, metricsPort }) => {
      if (space === 'absent')
        throw new DomainError('MODEL_NOT_INSTALLED', 'its models', 'none; run portcullis models install')
      const service = await ServiceBench.open()
      const server = await serverOf(service)
      const endpoint = metricsPort === undefined ? null : await metricsOf(service, Number(metricsPort))
      const stop = async () => {
        await endpoint?.close()
        await server.drain()
        await service.close()
        process.stderr.write('data file closed\n')
      }
      return {
        host: server.host,
        port: server.port,
        tls: false,
        metricsPort: endpoint?.port ?? null,
        algorithm: 'circle@000000000001',
        stop,
      }
    },
  },
  process.argv.slice(2),
)

async function metricsOf({ references, analyser }: ServiceBench, port: number) {
  const metrics = new PrometheusMetrics()
  const { algorithm, modelIds } = analyser.algorithm
  const analysis = { workingCount: 0, waitingCount: 0, countMax: 1 }
  const stateNow = () => ({ index: references.status, analysis, algorithm, modelIds, nowMs: Date.now() })
  return startMetricsEndpoint({
    address: { host: '127.0.0.1', port },
    contentType: metrics.contentType,
    readMetrics: () => metrics.text(stateNow()),
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
  })
}
