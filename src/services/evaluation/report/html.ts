import type { DrawPlot, Plot } from '../../../domain/plot.js'
import type { Report, ReportTable } from './report.js'

/**
 * The report as one HTML file that loads nothing: style and drawings are inside, scripts there are none, and its policy
 * forbids any. Follows the reader's light or dark theme.
 */
export function reportHtml({ title, lead, tables, plots, caveats }: Report, draw: DrawPlot): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header><h1>${escaped(title)}</h1><p>${escaped(lead)}</p></header>
<main>
<section class="plots">${plots.map((plot) => figure(plot, draw)).join('\n')}</section>
${tables.map(tableHtml).join('\n')}
<section><h2>To be read with it</h2><ul>${caveats.map((caveat) => `<li>${escaped(caveat)}</li>`).join('')}</ul></section>
</main>
</body>
</html>
`
}

function figure(plot: Plot, draw: DrawPlot): string {
  const drawings = (['light', 'dark'] as const).map((theme) => `<div class="${theme}">${draw(plot, theme)}</div>`)
  return `<figure role="img" aria-label="${escaped(`${plot.title}: ${plot.caption}`)}">
<h2>${escaped(plot.title)}</h2>${drawings.join('')}<figcaption>${escaped(plot.caption)}</figcaption></figure>`
}

function tableHtml({ title, head, rows, notes }: ReportTable): string {
  const cells = (row: readonly string[]) =>
    row.map((text, i) => (i === 0 ? th(text, 'row') : `<td>${escaped(text)}</td>`))
  return `<section><h2>${escaped(title)}</h2><div class="scroll"><table>
<thead><tr>${head.map((text) => th(text, 'col')).join('')}</tr></thead>
<tbody>${rows.map((row) => `<tr>${cells(row).join('')}</tr>`).join('\n')}</tbody>
</table></div>${notes.map((note) => `<p class="note">${escaped(note)}</p>`).join('')}</section>`
}

function th(text: string, scope: 'row' | 'col'): string {
  return `<th scope="${scope}">${escaped(text)}</th>`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign]!)
}

const STYLE = `
:root { --ground: #f6f7f9; --card: #fff; --text: #232936; --soft: #5c6579; --line: #dfe3ea }
body { margin: 0 auto; max-width: 1120px; padding: 28px 20px 56px; background: var(--ground); color: var(--text);
  font: 16px/1.5 system-ui, sans-serif }
h1 { font-size: 1.55rem; line-height: 1.25; margin: 0 0 6px; overflow-wrap: anywhere }
h2 { font-size: 1.06rem; margin: 0 0 10px }
header p, .note, figcaption { color: var(--soft); margin: 8px 0 0; font-size: .92rem }
section, figure { margin: 20px 0 0 }
main > section:not(.plots), figure { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 18px 20px }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); gap: 20px }
.plots figure { margin: 0 }
.plots figure:last-child:nth-child(odd) { grid-column: 1 / -1 }
.plots figure > div { max-width: 560px; margin: 0 auto }
svg { width: 100%; height: auto; display: block }
.dark { display: none }
.scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { text-align: left; padding: 7px 14px 7px 0; border-bottom: 1px solid var(--line); white-space: nowrap }
thead th { color: var(--soft); font-weight: 600; font-size: .88rem }
tbody th { font-weight: 500 }
tbody tr:last-child > * { border-bottom: 0 }
ul { margin: 0; padding-left: 20px }
@media (prefers-color-scheme: dark) {
  :root { --ground: #14171d; --card: #1c2029; --text: #e4e7ed; --soft: #a0a8b8; --line: #313846 }
  .light { display: none }
  .dark { display: block }
}
@media print { figure, section { break-inside: avoid } }
`
