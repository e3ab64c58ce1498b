import { checkConfig } from '../../../config/check.ts'
import { type ConfigProblem, describeProblem } from '../../../config/issues.ts'
import { readConfigSource } from '../../../config/source.ts'
import { EXIT } from '../../../entry/exit-codes.ts'
import { defineCommand } from '../../command.ts'
import { CONFIG_FILE, withConfigFile } from '../../config-file.ts'
import { CONNECTION_FLAGS, withFlags } from '../../connection-flags.ts'

/** `oci-gateway config validate` */
export const validate = defineCommand({
  options: {
    config: CONNECTION_FLAGS.config,
    json: { type: 'boolean', description: 'Print JSON' },
  },
  examples: [
    {
      line: 'config validate',
      does: `check ${CONFIG_FILE}, or the file that GATEWAY_CONFIG names`,
    },
    { line: 'config validate --config gateway.jsonc --json', does: 'check another file' },
  ],
  exitCodes: { [EXIT.configuration]: 'the configuration has problems, or the file is missing' },
  async run({ values, host }) {
    const env = await withConfigFile(withFlags(host.env, values), host)
    const source = await readConfigSource(env, host.files)
    const checked = checkConfig(env, source)
    const problems = checked.type === 'invalid' ? checked.problems : []
    host.stdout.write(
      values.json ? asJson(source?.name, problems) : asText(source?.name, problems),
    )
    return problems.length === 0 ? EXIT.success : EXIT.configuration
  },
})

function asJson(file: string | undefined, problems: readonly ConfigProblem[]): string {
  const shown = problems.map(({ source, position, key, message }) => ({
    ...(position ? { file: source, ...position } : { variable: source }),
    key,
    message,
  }))
  return `${
    JSON.stringify({ ok: problems.length === 0, file: file ?? null, problems: shown }, null, 2)
  }\n`
}

function asText(file: string | undefined, problems: readonly ConfigProblem[]): string {
  if (problems.length > 0) return `${problems.map(describeProblem).join('\n')}\n`
  return file === undefined
    ? `There is no configuration file: neither --config nor GATEWAY_CONFIG is set, and this ` +
      `folder has no ${CONFIG_FILE}. The environment variables are valid\n`
    : `${file} is valid\n`
}
