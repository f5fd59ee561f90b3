// The thread of one extractor module: loads it, asks it, and hands over nothing but plain data that was read already.
import { parentPort, workerData } from 'node:worker_threads'
import { pathToFileURL } from 'node:url'
import { DomainError } from '../../domain/errors.js'
import { readDescription, readExtracted, readQuality } from '../../domain/extractor-answers.js'
import { isExtractorReason, readSentences } from '../../domain/extractor-failures.js'
import type { CreateExtractor, ModuleExtractor } from '../../domain/extractor-module.js'
import type { ExtractorDescription } from '../../domain/extractor.js'
import type { ModuleCall, ModuleReply, ThreadData } from './protocol.js'

const { path } = workerData as ThreadData
const port = parentPort!

const { default: create } = (await import(pathToFileURL(path).href)) as { readonly default: CreateExtractor }
const extractor = await create()
const description = readDescription(await extractor.describe())
port.on('message', (call: ModuleCall) => void answer(extractor, description, call).then(say))
say({ ready: true })

function say(reply: ModuleReply): void {
  port.postMessage(reply)
}

async function answer(asked: ModuleExtractor, description: ExtractorDescription, call: ModuleCall) {
  try {
    return { call: call.call, answer: await ask(asked, description, call) }
  } catch (error) {
    return failure(call.call, error)
  }
}

async function ask(asked: ModuleExtractor, description: ExtractorDescription, call: ModuleCall): Promise<unknown> {
  switch (call.kind) {
    case 'describe':
      return description
    case 'quality':
      return readQuality(await asked.quality(call.image))
    case 'extract':
      return readExtracted({ ...(await asked.extract(call.image)), extractor: description })
    case 'health':
      return asked.health()
  }
}

/** Whatever a module throws is only looked at as far as the contract goes. */
function failure(call: number, error: unknown): ModuleReply {
  if (error instanceof DomainError) return { call, fault: error.got }
  const { code, reasons } = (error ?? {}) as { readonly code?: unknown; readonly reasons?: unknown }
  if (isExtractorReason(code)) return { call, reason: code, sentences: readSentences(reasons) }
  return { call, fault: 'one that failed' }
}
