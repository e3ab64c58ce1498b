import { editCommand, quoteForShell } from '../../causes/shell.ts'
import { fail, type Finding, ok } from '../finding.ts'
import { nearestKey } from '../nearest-key.ts'
import { configPath, type Session } from '../session.ts'

/** The variables of the gateway that are reported if they are set. */
const VARIABLES = [
  ...['HOST', 'PORT', 'GATEWAY_API_KEYS', 'MODEL_MAP', 'OCI_REGION', 'OCI_COMPARTMENT_ID'],
  ...['OCI_GENAI_PROJECT', 'OCI_GENAI_ENDPOINT', 'OCI_GENAI_CONTROL_ENDPOINT', 'LOG_LEVEL'],
]

const EXAMPLE = `'{"fast": "openai.gpt-oss-120b"}'`

/** Whether the gateway's own configuration is valid, and where it is from. */
export async function checkConfiguration(session: Session): Promise<Finding> {
  const settings = await session.settings()
  if (settings.type === 'failed') return explain(settings.error.message, session)
  const { env } = session.machine
  const set = VARIABLES.filter((name) => env[name]?.trim())
  const file = settings.value.source?.name ?? 'no configuration file'
  const variables = set.length > 0 ? `; from the environment: ${set.join(', ')}` : ''
  return ok(`${file}${variables || '; defaults'}`)
}

/** Explains the first problem of a message that lists all. */
function explain(message: string, { machine }: Session): Finding {
  const [, listed] = /\n {2}- ([^\n]*)/.exec(message) ?? []
  const problem = listed ?? message
  if (listed === undefined) return fail('config_missing', { problem })
  const [, variable] = /^([A-Z][A-Z_]+): /.exec(problem) ?? []
  if (variable !== undefined && variable !== 'GATEWAY_CONFIG') {
    return explainVariable(variable, problem)
  }
  return explainFile(problem, configPath(machine))
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

function explainFile(problem: string, path: string | undefined): Finding {
  const line = Number(/(?:line |:)(\d+)/.exec(problem)?.[1] ?? NaN)
  const change = path === undefined
    ? 'unset GATEWAY_CONFIG'
    : editCommand(path, Number.isNaN(line) ? undefined : line)
  if (/invalid JSON/.test(problem)) return fail('config_syntax', { problem, change })
  const [before = '', after] = problem.split(': unknown key')
  const key = before.split(/[\s:]/).at(-1) ?? ''
  if (after === undefined || key === '') return fail('config_value', { problem, change })
  const nearest = nearestKey(key)
  const name = key.split('.').at(-1) ?? key
  if (nearest === undefined || path === undefined || Number.isNaN(line)) {
    return fail('config_unknown_key', { problem, change })
  }
  const replacement = `s/"${name}"(?=\\s*:)/"${nearest}"/ if $. == ${line}`
  return fail('config_misspelled_key', {
    ...{ problem, nearest },
    change: `perl -pi -e '${replacement}' ${quoteForShell(path)}`,
  })
}
