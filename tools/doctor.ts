import { CAUSES } from '../src/causes/cause.ts'
import { CLIENT_NAMES } from '../src/diagnosis/clients/client-settings.ts'
import { diagnoseClient } from '../src/diagnosis/clients/diagnose-client.ts'
import { type Check, CHECKS } from '../src/diagnosis/diagnose.ts'
import { FAULTS } from '../test/cli/doctor/faults.ts'
import { withSection } from './generated-section.ts'

/** Replaces the tables of checks, causes and faults in a page. */
export function withDoctor(page: string): string {
  const checks = table(['check', 'what it checks'], CHECKS.map(checkRow))
  const client = table(['check', 'what it checks'], diagnoseClient(CLIENT_NAMES[0]).map(checkRow))
  const causes = table(
    ['cause', 'what is wrong', 'fix'],
    Object.entries(CAUSES).map(([id, { wrong, fix }]) => [code(id), text(wrong), code(fix)]),
  )
  const faults = table(
    ['what is broken', 'check', 'cause', 'fix'],
    FAULTS.map(({ breaks, check, cause, fix, status }) => [
      ...[text(breaks), code(check), `${code(cause)}${status ? ' (warning)' : ''}`, code(fix)],
    ]),
  )
  const sections: [name: string, content: string][] = [
    ['checks', checks],
    ['client checks', client],
    ['causes', causes],
    ['faults', faults],
  ]
  return sections.reduce((whole, [name, content]) => withSection(whole, name, content), page)
}

function checkRow({ id, does }: Check): string[] {
  return [code(id), does]
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [titles, titles.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`)
  return `${lines.join('\n')}\n`
}

function code(content: string): string {
  return `\`${content.replaceAll('|', '\\|')}\``
}

/** Text in a cell, where characters of Markdown stand for themselves. */
function text(content: string): string {
  return content.replace(/[|<>*_]/g, '\\$&')
}
