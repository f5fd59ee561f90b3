import { CommanderError } from 'commander'
import type { CliDependencies } from './dependencies.js'
import { CliError, reportFailure, toCliError } from './failure.js'
import { buildProgram } from './program.js'
import { EXIT, type ExitCode } from './terminal.js'

/**
 * Runs one command line, without node and the script's name.
 * @returns the exit code; nothing is thrown, every failure is one clear line on stderr
 */
export async function runProgram(deps: CliDependencies, args: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok
  try {
    await buildProgram(deps, (finished) => (code = finished)).parseAsync([...args], { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok // --help, --version
    const failure = error instanceof CommanderError ? usageError(error) : toCliError(error)
    if (failure !== null) reportFailure(deps.terminal, failure, args.includes('--json'))
    return EXIT.failed
  }
}

/** What commander found wrong; null when it has shown the help instead. */
function usageError(error: CommanderError): CliError | null {
  if (error.code === 'commander.help') return null
  return new CliError('USAGE', `${error.message.replace(/^error: /, '').replaceAll('\n', ' ')}; see --help`)
}
