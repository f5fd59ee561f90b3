import type { Command } from 'commander'
import type { Session } from '../session.js'
import { addFingerTemplate } from './finger-template.js'
import { addTemplateImport } from './template-import.js'

/** `portcullis template …` */
export function addTemplate(program: Command, session: Session): void {
  const template = program
    .command('template')
    .description('templates that were made before: enrol them; fingerprint formats')
  addTemplateImport(template, session)
  addFingerTemplate(template, session)
}
