import type { TextOutput } from '../host.ts'
import { type Styles, stylesFor } from '../styles.ts'
import { wrapForTerminal } from '../wrap-text.ts'
import type { ReportedCheck } from './result.ts'

/** Columns of the titles, which are shorter. */
const TITLE_WIDTH = 17
const INDENT = ' '.repeat(TITLE_WIDTH + 3)

/** The lines of one check: a sign, its title, what it found and, on a line of its own, the fix. */
export function checkLines(check: ReportedCheck, output: TextOutput): string {
  const styles = stylesFor(output)
  const { status, title, cause, fix, detail } = check
  const head = `${signOf(status, styles)} ${title.padEnd(TITLE_WIDTH)} `
  const text = wrapForTerminal(cause ?? detail ?? '', INDENT.length, output)
  const lines = status === 'skip' || status === 'ok' ? text.map(styles.dim) : text
  const command = fix === null
    ? ''
    : `${indentFor(fix, output)}${styles.dim('→')} ${styles.bold(fix)}\n`
  return `${head}${lines.join(`\n${INDENT}`)}\n${command}`
}

/** A command is not wrapped, so that it can be copied. A long one starts further to the left. */
function indentFor(fix: string, { isTerminal, columns }: TextOutput): string {
  const length = INDENT.length + 2 + fix.length
  return isTerminal && length > columns ? '  ' : INDENT
}

function signOf(status: ReportedCheck['status'], styles: Styles): string {
  switch (status) {
    case 'ok':
      return styles.green('✓')
    case 'warn':
      return styles.yellow('!')
    case 'fail':
      return styles.red('✗')
    case 'skip':
      return styles.dim('–')
  }
}

/** The last line: how many problems there are, and which to fix first. */
export function summaryLine(checks: readonly ReportedCheck[], output: TextOutput): string {
  const { bold, red, yellow, green } = stylesFor(output)
  const failed = checks.filter(({ status }) => status === 'fail')
  const warned = checks.filter(({ status }) => status === 'warn')
  const warnings = warned.length === 0 ? '' : `, ${count(warned.length, 'warning')}`
  const [first] = failed
  if (first === undefined) {
    return warned.length === 0
      ? `\n${green('All is well.')}\n`
      : `\n${yellow(`Calls to OCI work${warnings}.`)}\n`
  }
  return `\n${red(`${count(failed.length, 'problem')}${warnings}.`)} Fix ${
    bold(first.title)
  } first, then run oci-gateway doctor again.\n`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
