import { CLIENT_NAMES, type ClientName } from '../../diagnosis/clients/client-settings.ts'
import { diagnoseClient } from '../../diagnosis/clients/diagnose-client.ts'
import { type Check, CHECKS, diagnose } from '../../diagnosis/diagnose.ts'
import { EXIT } from '../../entry/exit-codes.ts'
import { defineCommand } from '../command.ts'
import { withConfigFile } from '../config-file.ts'
import { CONNECTION_FLAGS, connectionFlags, LISTEN_FLAGS, withFlags } from '../connection-flags.ts'
import { localizeFix } from '../doctor/localize-fix.ts'
import { checkLines, summaryLine } from '../doctor/report.ts'
import { reported, type ReportedCheck } from '../doctor/result.ts'
import type { Host } from '../host.ts'
import { startProgress } from '../progress.ts'

/** `oci-gateway doctor` */
export const doctor = defineCommand({
  options: {
    json: { type: 'boolean', description: 'Print JSON' },
    client: {
      ...{ type: 'string', value: 'NAME', choices: CLIENT_NAMES },
      description: 'Check the configuration of a client too',
    },
    model: { type: 'string', value: 'NAME', description: 'Model to call, instead of a listed one' },
    'no-call': { type: 'boolean', description: 'Do not call a model' },
    ...LISTEN_FLAGS,
    ...CONNECTION_FLAGS,
  },
  examples: [
    { line: 'doctor', does: 'check everything between this machine and a model' },
    { line: 'doctor --profile FRANKFURT --no-call', does: 'another profile, without a model call' },
    { line: 'doctor --client codex', does: 'check the configuration of Codex too' },
    { line: 'doctor --json', does: 'for scripts: {"ok":true,"checks":[…]}' },
  ],
  exitCodes: {
    [EXIT.success]: 'all is well, or there are only warnings',
    [EXIT.failure]: 'something is wrong',
    [EXIT.usage]: 'unknown flag or value, or the checks cannot run',
    [EXIT.configuration]: undefined,
  },
  async run({ values, host }) {
    const machine = { ...host, env: await withConfigFile(withFlags(host.env, values), host) }
    const options = { callsModel: !values['no-call'], model: values.model }
    const flags = connectionFlags(values)
    const localize = (fix: string) => localizeFix(fix, { env: host.env, flags })
    const checks = [...CHECKS, ...clientChecks(values.client)]
    const results: ReportedCheck[] = []
    const report = values.json ? undefined : openReport(host, checks)
    try {
      report?.next(0)
      for await (const result of diagnose(machine, options, checks)) {
        const check = reported(result, localize)
        results.push(check)
        report?.show(check, results.length)
      }
    } catch (thrown) {
      report?.stop()
      if (host.signal.aborted) throw thrown
      host.stderr.write(`The checks cannot run: ${String(thrown)}\n`)
      return EXIT.usage
    }
    const isOk = results.every(({ status }) => status !== 'fail')
    host.stdout.write(
      values.json
        ? `${JSON.stringify({ ok: isOk, checks: results }, undefined, 2)}\n`
        : summaryLine(results, host.stdout),
    )
    return isOk ? EXIT.success : EXIT.failure
  },
})

function clientChecks(name: string | undefined): readonly Check[] {
  // The choices of the flag are the names of clients.
  return name === undefined ? [] : diagnoseClient(name as ClientName)
}

/** Shows each check when it is done and, on a terminal, which one takes longer. */
function openReport(host: Host, checks: readonly Check[]) {
  let stop = () => {}
  const next = (done: number) => {
    const title = checks[done]?.title
    stop = host.stderr.isTerminal && title !== undefined
      ? startProgress(host, title).stop
      : () => {}
  }
  return {
    next,
    show(check: ReportedCheck, done: number) {
      stop()
      host.stdout.write(checkLines(check, host.stdout))
      next(done)
    },
    stop: () => stop(),
  }
}
