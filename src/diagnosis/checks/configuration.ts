import { type ConfigProblem, describeProblem } from '../../config/issues.ts'
import type { UnknownKey } from '../../config/known-keys.ts'
import { configPath } from '../../config/source.ts'
import { editCommand, quoteForShell } from '../../causes/shell.ts'
import type { ApiError } from '../../errors.ts'
import { fail, type Finding, ok } from '../finding.ts'
import type { Session } from '../session.ts'
import { explainUnreadable } from './credential.ts'

/** The variables of the gateway that are reported if they are set. */
const VARIABLES = [
  ...['HOST', 'PORT', 'GATEWAY_API_KEYS', 'MODEL_MAP', 'OCI_REGION', 'OCI_COMPARTMENT_ID'],
  ...['OCI_GENAI_PROJECT', 'OCI_GENAI_ENDPOINT', 'OCI_GENAI_CONTROL_ENDPOINT', 'LOG_LEVEL'],
]

const EXAMPLE = `'{"fast": "openai.gpt-oss-120b"}'`

/** Whether the gateway's own configuration is valid, and where it is from. */
export async function checkConfiguration(session: Session): Promise<Finding> {
  const settings = await session.settings()
  if (settings.type === 'failed') {
    return explain(settings.error, await session.configProblems(), session)
  }
  const { env } = session.machine
  const set = VARIABLES.filter((name) => env[name]?.trim())
  const file = settings.value.source?.name ?? 'no configuration file'
  const variables = set.length > 0 ? `; from the environment: ${set.join(', ')}` : ''
  return ok(`${file}${variables || '; defaults'}`)
}

/** Explains the first problem, or the error if the file itself cannot be read. */
function explain(
  { reason, message, cause }: ApiError,
  [problem]: readonly ConfigProblem[],
  { machine }: Session,
): Finding {
  if (problem === undefined) {
    return reason === 'unreadable_file' && message.startsWith('Cannot read "')
      ? explainUnreadable(message, cause, 'the configuration of the gateway')
      : fail('config_missing', { problem: message })
  }
  const { position, source } = problem
  return position === undefined
    ? explainVariable(source, describeProblem(problem))
    : explainFile(problem, position.line, configPath(machine.env))
}

function explainVariable(variable: string, problem: string): Finding {
  switch (variable) {
    case 'PORT':
      return fail('port_invalid', { problem })
    case 'HOST':
      return fail('host_invalid', { problem })
    case 'LOG_LEVEL':
      return fail('log_level_invalid', { problem })
    case 'GATEWAY_API_KEYS':
      return fail('api_keys_invalid', { problem })
    case 'MODEL_MAP':
      return fail('model_map_invalid', { problem, example: EXAMPLE })
    case 'OCI_COMPARTMENT_ID':
      return fail('compartment_malformed', { problem })
  }
  return fail('variable_invalid', { problem, variable })
}

function explainFile(problem: ConfigProblem, line: number, path: string | undefined): Finding {
  const change = path === undefined ? 'unset GATEWAY_CONFIG' : editCommand(path, line)
  const text = describeProblem(problem)
  const { unknownKey } = problem
  if (unknownKey === undefined) {
    const isSyntax = problem.message.startsWith('invalid JSON')
    return fail(isSyntax ? 'config_syntax' : 'config_value', { problem: text, change })
  }
  const nearest = nearestNeighbour(unknownKey)
  if (nearest === undefined || path === undefined) {
    return fail('config_unknown_key', { problem: text, change })
  }
  const replacement = `s/"${unknownKey.path.at(-1)}"(?=\\s*:)/"${nearest}"/ if $. == ${line}`
  return fail('config_misspelled_key', {
    ...{ problem: text, nearest },
    change: `perl -pi -e '${replacement}' ${quoteForShell(path)}`,
  })
}

/** The name of the nearest key if it is in the same object, so that renaming is enough. */
function nearestNeighbour({ path, nearest }: UnknownKey): string | undefined {
  const names = nearest?.split('.') ?? []
  // Other characters would have a meaning in the command that renames the key.
  if (!/^\w+$/.test(path.at(-1) ?? '')) return undefined
  const isNeighbour = names.slice(0, -1).join('.') === path.slice(0, -1).join('.')
  return isNeighbour ? names.at(-1) : undefined
}
