import { Command } from 'commander'
import { addCalibrate } from './commands/calibrate.js'
import { addDemo } from './commands/demo.js'
import { addDoctor } from './commands/doctor.js'
import { addEnrol } from './commands/enrol.js'
import { addEvaluate } from './commands/evaluate.js'
import { addExtractor } from './commands/extractor.js'
import { addGallery } from './commands/gallery.js'
import { addIdentify } from './commands/identify.js'
import { addIndex } from './commands/index.js'
import { addModels } from './commands/models.js'
import { addSearch } from './commands/search.js'
import { addServe } from './commands/serve.js'
import { addStart } from './commands/start.js'
import { addSubject } from './commands/subject.js'
import { addTemplate } from './commands/template.js'
import { addVerify } from './commands/verify.js'
import type { CliDependencies } from './dependencies.js'
import type { Session } from './session.js'
import type { ExitCode } from './terminal.js'

/**
 * The `portcullis` command. Use it through `runProgram`, which also reports failures.
 * @param onFinish told the exit code of the command that ran
 */
export function buildProgram(deps: CliDependencies, onFinish: (code: ExitCode) => void = setExitCode): Command {
  const { terminal } = deps
  const program = new Command('portcullis')
    .description('Biometric identity matching: enrol subjects, refer candidates, verify. It refers; a person decides.')
    .version(deps.version)
    .option('--json', 'one JSON document on stdout; failures as JSON on stderr', false)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => terminal.laidOut(text),
      writeErr: (text) => terminal.stderr.write(text),
      outputError: () => undefined, // `runProgram` reports it
    })
    .exitOverride()
    .addHelpText('after', '\nExit codes: 0 done, 2 some input was refused or is missing, 1 failed.')
  const session: Session = { deps, terminal, json: () => program.opts<{ json: boolean }>().json, finish: onFinish }
  for (const add of [
    addStart,
    addServe,
    addDoctor,
    addModels,
    addGallery,
    addEnrol,
    addIdentify,
    addVerify,
    addSearch,
    addSubject,
    addTemplate,
    addIndex,
    addEvaluate,
    addCalibrate,
    addExtractor,
    addDemo,
  ])
    add(program, session)
  return program
}

function setExitCode(code: ExitCode): void {
  process.exitCode = code
}
