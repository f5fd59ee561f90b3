import type { Report, ReportTable } from './report.js'

/** The report without its plots, as GitHub-flavoured Markdown. */
export function reportMarkdown({ title, lead, tables, caveats }: Report): string {
  const parts = [`# ${cell(title)}`, cell(lead), ...tables.map(tableMarkdown), caveats.map(bullet).join('\n')]
  return `${parts.join('\n\n')}\n`
}

function tableMarkdown({ title, head, rows, notes }: ReportTable): string {
  const lines = [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`)
  const under = notes.length === 0 ? [] : [notes.map(cell).join(' ')]
  return [`## ${cell(title)}`, lines.join('\n'), ...under].join('\n\n')
}

function bullet(sentence: string): string {
  return `- ${cell(sentence)}`
}

/** Names of groups are the caller's: none may break a table or become markup. */
function cell(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\|<>&`*_[\]]/g, (sign) => `\\${sign}`)
}
