import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { floorViolations, importsOf } from './support/floors.js'
import { PACKAGE_ROOT } from './support/weights.js'

// Goal: the floors of DESIGN.md hold. Method: the TypeScript parser reads every import of src/. The fixtures show that
// the check would notice.
function projectSources(): ReadonlyMap<string, string> {
  const names = readdirSync(join(PACKAGE_ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  const files = names.filter((name) => name.endsWith('.ts')).map((name) => `src/${name.replaceAll('\\', '/')}`)
  return new Map(files.map((file) => [file, readFileSync(join(PACKAGE_ROOT, file), 'utf8')]))
}

/** Violations of a project that holds one sound file on each floor, and one file that is looked at. */
function violationsOf(path: string, text: string): readonly string[] {
  const sound = ['domain/face', 'engines/face/warp', 'adapters/image/sniff', 'adapters/onnx/runner', 'services/enrol']
  const more = ['api/server', 'cli/table', 'console/page', 'generated/proto', 'config', 'main']
  const sources = new Map([...sound, ...more].map((name) => [`src/${name}.ts`, 'export const nothing = 0']))
  return floorViolations(sources.set(path, text))
}

describe('The floors', () => {
  it('hold in src/: nothing imports what its floor may not', () => {
    const sources = projectSources()
    expect(sources.size).to.be.greaterThan(50)
    expect(floorViolations(sources)).to.deep.equal([])
  })

  const allowed: readonly [path: string, text: string][] = [
    ['src/domain/a.ts', "import { b } from './face.js'"],
    [
      'src/engines/face/a.ts',
      "import { createHash } from 'node:crypto'\nimport type { F } from '../../domain/face.js'",
    ],
    ['src/engines/search/a.ts', "import { warp } from '../face/warp.js'"],
    [
      'src/adapters/image/a.ts',
      "import sharp from 'sharp'\nimport { readFile } from 'fs/promises'\nimport './sniff.js'",
    ],
    ['src/services/a.ts', "import '../domain/face.js'\nimport './enrol.js'"],
    ['src/api/a.ts', "import grpc from '@grpc/grpc-js'\nimport '../generated/proto.js'\nimport '../services/enrol.js'"],
    ['src/cli/a.ts', "import { Command } from 'commander'\nexport * from './table.js'"],
    ['src/a.ts', "import './config.js'\nimport './adapters/onnx/runner.js'\nimport { Piscina } from 'piscina'"],
  ]
  for (const [path, text] of allowed)
    it(`let ${path} ${text.replaceAll('\n', '; ')}`, () => {
      expect(violationsOf(path, text)).to.deep.equal([])
    })

  const forbidden: readonly [path: string, text: string, target: string][] = [
    ['src/domain/a.ts', "import '../engines/face/warp.js'", 'src/engines/face/warp.ts'],
    ['src/domain/a.ts', "import { z } from 'zod'", 'zod'],
    ['src/domain/a.ts', "import { join } from 'node:path'", 'node:path'],
    ['src/engines/face/a.ts', "import '../../adapters/image/sniff.js'", 'src/adapters/image/sniff.ts'],
    ['src/engines/face/a.ts', "import { readFileSync } from 'fs'", 'node:fs'],
    ['src/engines/face/a.ts', "import sharp from 'sharp'", 'sharp'],
    ['src/adapters/image/a.ts', "import '../onnx/runner.js'", 'src/adapters/onnx/runner.ts'],
    ['src/adapters/image/a.ts', "import '../../services/enrol.js'", 'src/services/enrol.ts'],
    ['src/services/a.ts', "import '../adapters/image/sniff.js'", 'src/adapters/image/sniff.ts'],
    ['src/services/a.ts', "import '../engines/face/warp.js'", 'src/engines/face/warp.ts'],
    ['src/services/a.ts', "import { z } from 'zod'", 'zod'],
    ['src/services/a.ts', "import { readFile } from 'node:fs/promises'", 'node:fs/promises'],
    ['src/api/a.ts', "import '../cli/table.js'", 'src/cli/table.ts'],
    ['src/api/a.ts', "import express from 'express'", 'express'],
    ['src/console/a.ts', "import '../api/server.js'", 'src/api/server.ts'],
    ['src/cli/a.ts', "import { readConfig } from '../config.js'", 'src/config.ts'],
    ['src/cli/a.ts', "import '../main.js'", 'src/main.ts'],
  ]
  for (const [path, text, target] of forbidden)
    it(`do not let ${path} ${text}`, () => {
      expect(violationsOf(path, text)).to.deep.equal([`${path} may not import ${target}`])
    })

  it('see every way to import', () => {
    for (const text of [
      "import type { F } from '../services/enrol.js'",
      "import { type F } from '../services/enrol.js'",
      "export { f } from '../services/enrol.js'",
      "export * from '../services/enrol.js'",
      "const f = await import('../services/enrol.js')",
      "let f: import('../services/enrol.js').F",
      "import f = require('../services/enrol.js')",
      "const f = require('../services/enrol.js')",
    ])
      expect(violationsOf('src/domain/a.ts', text), text).to.have.length(1)
  })

  it('do not take text for imports', () => {
    const text = "// import '../services/enrol.js'\nconst text = \"import x from 'zod'\""
    expect(importsOf('src/domain/a.ts', text)).to.deep.equal([])
  })

  it('do not let an import hide behind a computed name', () => {
    expect(violationsOf('src/domain/a.ts', 'await import(name)')).to.deep.equal([
      'src/domain/a.ts may not import a computed import',
    ])
  })

  it('let an adapter have one package, and not two', () => {
    const two = "import sharp from 'sharp'\nimport { z } from 'zod/v4'"
    expect(violationsOf('src/adapters/image/a.ts', two)).to.deep.equal([
      'src/adapters/image/ imports 2 packages: sharp, zod',
    ])
  })

  it('see cycles, also longer ones and those of types', () => {
    expect(violationsOf('src/domain/a.ts', "import './a.js'")).to.deep.equal([
      'import cycle: src/domain/a.ts → src/domain/a.ts',
    ])
    const ring = new Map([
      ['src/domain/a.ts', "import './b.js'"],
      ['src/domain/b.ts', "import type { C } from './c.js'"],
      ['src/domain/c.ts', "export * from './a.js'"],
    ])
    expect(floorViolations(ring)).to.deep.equal([
      'import cycle: src/domain/a.ts → src/domain/b.ts → src/domain/c.ts → src/domain/a.ts',
    ])
  })

  it('know every folder of src/, and miss no file', () => {
    expect(violationsOf('src/plugins/a.ts', "import '../domain/face.js'")).to.deep.equal([
      'src/plugins/a.ts is on no floor of the table',
    ])
    expect(violationsOf('src/domain/a.ts', "import './gone.js'")).to.deep.equal([
      'src/domain/a.ts imports src/domain/gone.ts, which is not there',
    ])
  })
})
