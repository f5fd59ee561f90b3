import { PassThrough } from 'node:stream'
import { Terminal } from '../../src/cli/terminal.js'
import { commandDependencies } from '../../src/compose-commands.js'
import type { CliDependencies } from '../../src/cli/dependencies.js'
import { PACKAGE_ROOT } from './weights.js'

/** What the commands do, of the shipped parts; nothing of it is shown. */
export function shippedCommands(currentFolder: string, weightsFolder?: string): CliDependencies {
  return commandDependencies({
    root: PACKAGE_ROOT,
    version: '0.0.0-test',
    terminal: new Terminal(new PassThrough(), new PassThrough()),
    environment: weightsFolder === undefined ? {} : { PORTCULLIS_MODELS_DIR: weightsFolder },
    currentFolder,
  })
}
