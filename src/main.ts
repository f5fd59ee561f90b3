#!/usr/bin/env node
// The `portcullis` command: hands the concrete parts to the command line.
import './no-telemetry.js'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from './cli/package-root.js'
import { runProgram } from './cli/run.js'
import { Terminal } from './cli/terminal.js'
import { commandDependencies } from './compose-commands.js'

const root = packageRoot()
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
const terminal = new Terminal(process.stdout, process.stderr)

process.exitCode = await runProgram(
  commandDependencies({ root, version, terminal, environment: process.env, currentFolder: process.cwd() }),
  process.argv.slice(2),
)
