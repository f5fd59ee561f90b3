import type { Command } from 'commander'
import type { Session } from '../session.js'
import { addEvaluateIdentification } from './evaluate-identification.js'
import { addEvaluateVerification } from './evaluate-verification.js'

/** `portcullis evaluate`: error rates of a template space, measured on the caller's own data. */
export function addEvaluate(program: Command, session: Session): void {
  const evaluate = program.command('evaluate').description('measure error rates on your own data')
  addEvaluateVerification(evaluate, session)
  addEvaluateIdentification(evaluate, session)
}
