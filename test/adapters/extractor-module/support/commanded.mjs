// A module that does what the bytes of the image tell it; see module-extractor.test.ts.
import { Buffer } from 'node:buffer'
import { setTimeout } from 'node:timers'
import { setTimeout as wait } from 'node:timers/promises'
import { parentPort, threadId } from 'node:worker_threads'

const DESCRIPTION = {
  id: 'test.module',
  version: '1.0',
  modality: 'finger',
  inputFormats: ['gray8'],
  outputFormat: 'iso-19794-2-2005',
  descriptorVersion: '1',
}
/** ISO/IEC 19794-2:2005: one view of one minutia. */
const TEMPLATE = Uint8Array.from(
  Buffer.from('464d5200203230000000002400000064006400c500c50100' + '00003201' + '400a00140032' + '0000', 'hex'),
)

const answer = (changes) => ({ templates: [TEMPLATE], quality: 77, warnings: [], ...changes })

// prettier-ignore
const COMMANDS = {
  throw: () => { throw new Error('secret') },
  'throw nothing': () => { throw undefined },  
  'throw later': () => { setTimeout(() => { throw new Error('secret') }, 1); return wait(60_000) },
  'reject unseen': () => { void Promise.reject(new Error('secret')); return wait(60_000) },
  'loop for ever': () => { for (;;); },
  'never answer': () => new Promise(() => setTimeout(() => undefined, 1e6)),
  exit: () => process.exit(0),
  'exit badly': () => process.exit(3),
  allocate: () => { const kept = []; for (;;) kept.push(new Array(1e6).fill(kept.length)) },
  recurse: () => { const again = () => again() + 1; return again() },
  'refuse NO_FINGER': () => { throw { code: 'NO_FINGER', reasons: ['press\nharder', 7, 'x'.repeat(600)] } },
  'refuse LOW_QUALITY': () => { throw Object.assign(new Error('secret'), { code: 'LOW_QUALITY' }) },
  'refuse BAD_IMAGE': () => { throw { code: 'BAD_IMAGE' } },
  'refuse BAD_RESOLUTION': () => { throw { code: 'BAD_RESOLUTION' } },
  'refuse UNSUPPORTED': () => { throw { code: 'UNSUPPORTED' } },
  'refuse TOO_LARGE': () => { throw { code: 'TOO_LARGE' } },
  'refuse SOMETHING': () => { throw { code: 'SOMETHING', reasons: ['secret'] } },
  nothing: () => undefined,
  'no template': () => answer({ templates: [] }),
  'eleven templates': () => answer({ templates: Array(11).fill(TEMPLATE) }),
  'long template': () => answer({ templates: [new Uint8Array(200_000)] }),
  'text template': () => answer({ templates: ['FMR'] }),
  'nonsense template': () => answer({ templates: [Uint8Array.from({ length: 100 }, (_, n) => n)] }),
  'quality NaN': () => answer({ quality: NaN }),
  'quality text': () => answer({ quality: '77' }),
  'a function': () => answer({ warnings: [() => 0] }),
  'a trap': () => answer({ get templates() { throw new Error('secret') } }),
  'a forged reply': () => { parentPort.postMessage({ call: 'x' }); parentPort.postMessage(null); return answer() },
  print: () => { console.log('secret'); console.error('secret'); return answer() },
  slow: () => wait(200).then(() => answer()),
  'which thread': () => wait(50).then(() => answer({ warnings: [`thread ${threadId}`] })),
  'what environment': () => answer({ warnings: Object.keys(process.env).filter((name) => /PORTCULLIS|PATH/.test(name)) }),
}

export default function createExtractor() {
  return {
    describe: () => DESCRIPTION,
    health: () => undefined,
    quality: async () => ({ quality: 42, warnings: ['dry finger'] }),
    extract: (image) => (COMMANDS[Buffer.from(image.bytes).toString()] ?? answer)(),
  }
}
