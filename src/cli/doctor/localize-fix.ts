import type { Environment } from '../../platform.ts'
import { quoteForShell } from '../../causes/shell.ts'
import { CONNECTION_FLAGS, flagOf, type FlagValues } from '../connection-flags.ts'

interface Place {
  env: Environment
  /** The flags of the command line, which take precedence over variables. */
  flags: FlagValues
}

/**
 * Adapts a fix to the command line and the shell: a flag is changed instead of its variable, commands
 * of the gateway get the same flags, and PowerShell sets variables in its own way.
 */
export function localizeFix(fix: string, { env, flags }: Place): string {
  const given = givenFlags(flags)
  const [, command = '', own = ''] = COMMAND.exec(fix) ?? []
  if (command !== '') return fix + withChange(forCommand(command, own, given), {})
  const [, name = '', value = ''] = /^export (\w+)=(.*)$/s.exec(fix) ?? []
  const [, removed = ''] = /^unset ([\w ]+)$/.exec(fix) ?? []
  const flag = flagOf(name || removed) ?? ''
  if (given.has(flag)) {
    return name === ''
      ? `oci-gateway doctor${withChange(given, { [flag]: undefined })}`
      : `oci-gateway doctor${withChange(given, { [flag]: value })}`
  }
  if (!isPowerShell(env)) return fix
  if (removed !== '') {
    return `Remove-Item ${removed.split(' ').map((variable) => `Env:${variable}`).join(', ')}`
  }
  return name === '' ? fix : `$env:${name} = ${quoteForPowerShell(value)}`
}

/** A command of the gateway at the end of a fix, and its own flags. */
const COMMAND = /\boci-gateway (doctor|serve|models)((?: .*)?)$/

/** The flags that a command has and that are not already in it. */
function forCommand(
  command: string,
  own: string,
  given: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const isKnown = (flag: string) =>
    command !== 'models' || Object.hasOwn(CONNECTION_FLAGS, flag.slice(2))
  return new Map([...given].filter(([flag]) => isKnown(flag) && !own.includes(` ${flag} `)))
}

/** The flags that are set, with their values as a shell reads them. */
function givenFlags(flags: FlagValues): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(flags).flatMap(([name, value]) =>
      value === undefined ? [] : [[`--${name}`, quoteForShell(value)] as const]
    ),
  )
}

function withChange(
  given: ReadonlyMap<string, string>,
  change: Readonly<Record<string, string | undefined>>,
): string {
  return Object.entries({ ...Object.fromEntries(given), ...change })
    .map(([flag, value]) => value === undefined ? '' : ` ${flag} ${value}`)
    .join('')
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
