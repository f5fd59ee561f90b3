import { createReadStream } from 'node:fs'
import { CliError, systemCode } from '../failure.js'

/** 2,048 features of 25 characters, texts of the longest legal kind, and room. */
const LINE_CHARACTERS_MAX = 128 * 1024

export interface Line {
  /** From 1. */
  readonly number: number
  readonly text: string
}

/** The lines of a UTF-8 file that are not empty, one at a time. @throws CliError INPUT_UNREADABLE */
export async function* readLines(path: string): AsyncGenerator<Line> {
  let rest = ''
  let number = 0
  try {
    for await (const chunk of createReadStream(path, { encoding: 'utf8' })) {
      const lines = (rest + (chunk as string)).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > LINE_CHARACTERS_MAX) throw tooLong(number + lines.length + 1)
      for (const text of lines) yield* lineOf(++number, text)
    }
  } catch (error) {
    if (error instanceof CliError) throw error
    throw new CliError('INPUT_UNREADABLE', `the file cannot be read (${systemCode(error)})`, { field: 'path' })
  }
  yield* lineOf(number + 1, rest)
}

const NEWLINE = '\n'.charCodeAt(0)

/** About how many lines a file has: for a bar that shows how far it is. @throws CliError INPUT_UNREADABLE */
export async function countLines(path: string): Promise<number> {
  let count = 0
  try {
    for await (const chunk of createReadStream(path))
      for (let at = (chunk as Buffer).indexOf(NEWLINE); at >= 0; at = (chunk as Buffer).indexOf(NEWLINE, at + 1))
        count++
  } catch (error) {
    throw new CliError('INPUT_UNREADABLE', `the file cannot be read (${systemCode(error)})`, { field: 'path' })
  }
  return count
}

function* lineOf(number: number, text: string): Generator<Line> {
  if (text.length > LINE_CHARACTERS_MAX) throw tooLong(number)
  if (text.trim() !== '') yield { number, text }
}

function tooLong(number: number): CliError {
  return new CliError('INPUT_UNREADABLE', `line ${number} is longer than ${LINE_CHARACTERS_MAX} characters`, {
    field: 'path',
  })
}
