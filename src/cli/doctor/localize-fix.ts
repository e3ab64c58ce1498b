import type { Environment } from '../../platform.ts'
import { flagOf } from '../connection-flags.ts'

interface Place {
  env: Environment
  /** The variables that flags of the command line replace. */
  replaced: ReadonlySet<string>
}

/**
 * Adapts a fix to the command line and the shell: a flag takes precedence over a variable, and
 * PowerShell sets variables in its own way.
 */
export function localizeFix(fix: string, { env, replaced }: Place): string {
  const [, name = '', value = ''] = /^export (\w+)=(.*)$/s.exec(fix) ?? []
  const [, removed = ''] = /^unset ([\w ]+)$/.exec(fix) ?? []
  const flag = replaced.has(name || removed) ? flagOf(name || removed) : undefined
  if (flag !== undefined) {
    return name === ''
      ? `oci-gateway doctor  # without ${flag}`
      : `oci-gateway doctor ${flag} ${value}`
  }
  if (!isPowerShell(env)) return fix
  if (removed !== '') {
    return `Remove-Item ${removed.split(' ').map((variable) => `Env:${variable}`).join(', ')}`
  }
  return name === '' ? fix : `$env:${name} = ${quoteForPowerShell(value)}`
}

/** A POSIX shell on Windows sets SHELL. */
function isPowerShell(env: Environment): boolean {
  return env['OS'] === 'Windows_NT' && !env['SHELL']
}

/** Quotes a value that may be quoted for a POSIX shell. Commands in it stay as they are. */
function quoteForPowerShell(value: string): string {
  if (value.startsWith('"$(')) return value.slice(1, -1)
  const plain = /^'.*'$/s.test(value) ? value.slice(1, -1).replaceAll("'\\''", "'") : value
  return `'${plain.replaceAll("'", "''")}'`
}
