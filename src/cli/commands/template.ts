import type { Command } from 'commander'
import type { Session } from '../session.js'
import { addTemplateImport } from './template-import.js'

/** `portcullis template …` */
export function addTemplate(program: Command, session: Session): void {
  const template = program.command('template').description('templates that were made before or elsewhere')
  addTemplateImport(template, session)
}
