import type { Command } from 'commander'
import type { CalibrationStatus } from '../../domain/calibration.js'
import type { LocalOptions } from '../dependencies.js'
import type { DoctorReport, ModelsInUse } from '../doctor.js'
import type { Session } from '../session.js'
import { EXIT, type Terminal } from '../terminal.js'

/** `portcullis doctor`: what this machine has, what is missing, and the command that mends it. */
export function addDoctor(program: Command, session: Session): void {
  program
    .command('doctor')
    .description('check this machine: Node.js, models, template spaces, data folder')
    .option('--data <folder>', 'where the data file lies')
    .option('--models <folder>', 'where the model weights lie')
    .option('--config <file>', 'JSON file with settings')
    .action(async (options: LocalOptions) => {
      const report = await session.deps.doctor(options)
      if (session.json()) session.terminal.json(toJson(report))
      else print(session.terminal, report)
      session.finish(report.canServe ? EXIT.ok : EXIT.failed)
    })
}

function print(terminal: Terminal, report: DoctorReport): void {
  const { path, isWritable, freeBytes } = report.dataFolder
  const free = freeBytes === null ? 'free space unknown' : `${(freeBytes / 1024 ** 3).toFixed(1)} GiB free`
  terminal.line(`Node.js  ${report.nodeVersion} on ${report.platform}`)
  terminal.line(`Data     ${path}: ${isWritable ? 'writable' : 'NOT writable'}, ${free}`)
  if (report.inUse !== null) terminal.line(`In use   ${inUseSentence(report.inUse)}`)
  terminal.table(
    ['model', 'role', 'state', 'fit for'],
    report.models.map(({ model, state, reason }) => [
      model.id,
      model.role,
      reason ? `${state}: ${reason}` : state,
      model.caveats,
    ]),
  )
  terminal.table(
    ['template space', 'usable', 'error rates', 'caveats'],
    report.spaces.map(({ spaceId, missingModelIds, calibration, caveats }) => [
      spaceId,
      missingModelIds.length === 0 ? 'yes' : `no: needs ${missingModelIds.join(', ')}`,
      calibration === null ? '' : CALIBRATION_WORDS[calibration.state],
      caveats,
    ]),
  )
  for (const { missing, command } of report.remedies) terminal.line(`Missing: ${missing}. Run: ${command}`)
  terminal.line(report.canServe ? 'The service can start: npx portcullis serve' : 'The service cannot start yet.')
}

function inUseSentence({ spaceId, modelIds, areShipped }: ModelsInUse): string {
  const models = `template space ${spaceId}: ${modelIds.join(', ')}`
  return areShipped ? `${models}. These are small weights of our own, for trying it out.` : models
}

const CALIBRATION_WORDS: Readonly<Record<CalibrationStatus['state'], string>> = {
  usable: 'calibrated',
  absent: 'no calibration',
  damaged: 'NO: calibration damaged',
  'other-space': 'NO: calibration of other models',
}

/** The manifest's details are `models list`'s business. */
function toJson(report: DoctorReport): unknown {
  const models = report.models.map(({ model, state, reason }) => ({
    modelId: model.id,
    role: model.role,
    caveats: model.caveats,
    state,
    reason,
  }))
  return { ...report, models }
}
