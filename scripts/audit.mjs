// `npm audit` of what a user installs, at high level. A registry that does not answer audits (mirrors of closed networks answer
// 405) is said loudly and is no failure; a vulnerability, or any other answer that cannot be read, is.
import { spawnSync } from 'node:child_process'

const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--audit-level=high', '--json'], { encoding: 'utf8' })
const report = parse(stdout)
if (report.metadata?.vulnerabilities) {
  const { high, critical } = report.metadata.vulnerabilities
  console.log(`npm audit: ${critical} critical, ${high} high`)
  if (high + critical > 0) {
    console.log(Object.keys(report.vulnerabilities).join('\n'))
    process.exit(1)
  }
} else if ([404, 405, 501].includes(report.statusCode)) {
  console.log(`NOT AUDITED: this registry answers no audits (${report.statusCode}). Run it where one does.`)
} else {
  console.log(`npm audit gave no report: ${report.message ?? 'unreadable'}`)
  process.exit(1)
}

function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
