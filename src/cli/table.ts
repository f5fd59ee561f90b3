import CliTable from 'cli-table3'
import { printable } from './printable.js'

/** A table as lines, without colours. Cells are made printable: a line break in one would tear the table. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const table = new CliTable({ head: [...head], style: { head: [], border: [], compact: true } })
  for (const row of rows) table.push(row.map(printable))
  return table.toString().split('\n')
}
