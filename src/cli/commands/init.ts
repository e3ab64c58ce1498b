import { checkConfig } from '../../config/check.ts'
import { EXIT } from '../../entry/exit-codes.ts'
import { refusingErrors, replaceablePath } from '../change-file.ts'
import { defineCommand } from '../command.ts'
import { CONFIG_FILE } from '../config-file.ts'
import { CONNECTION_FLAGS, withFlags } from '../connection-flags.ts'
import type { Host } from '../host.ts'
import type { WizardRun } from '../init/wizard.ts'
import { isCancelled, type Prompts, takeDefaults } from '../init/prompts.ts'
import { usageError } from '../usage-error.ts'

const { config: _, ...SELECTION_FLAGS } = CONNECTION_FLAGS

/** `oci-gateway init` */
export const init = defineCommand({
  options: {
    yes: { type: 'boolean', short: 'y', description: 'Take the default of every question' },
    'skip-test': { type: 'boolean', description: 'Make no test call' },
    json: { type: 'boolean', description: 'Print JSON: {"file","backup","changed"}' },
    ...SELECTION_FLAGS,
  },
  examples: [
    { line: 'init', does: `ask, make a test call and write ${CONFIG_FILE}` },
    { line: 'init --yes --profile FRANKFURT', does: 'the same without questions' },
  ],
  exitCodes: {
    [EXIT.failure]: 'the test call failed and nothing was written',
    [EXIT.interrupted]: 'cancelled; nothing was changed',
  },
  async run({ values, host }) {
    const prompts = values.yes
      ? takeDefaults((text) => host.stderr.write(text))
      : await openPrompts(host)
    const env = withFlags(host.env, values)
    try {
      const { runWizard } = await import('../init/wizard.ts')
      const wizard = { host, prompts, env, ...await readExisting(host, prompts) }
      const written = await runWizard(wizard, { skipTest: values['skip-test'] })
      if (written === undefined) return EXIT.failure
      if (values.json) host.stdout.write(`${JSON.stringify(written)}\n`)
      return EXIT.success
    } catch (thrown) {
      if (!isCancelled(thrown) && !host.signal.aborted) throw thrown
      host.stderr.write('Cancelled. Nothing was changed\n')
      return EXIT.interrupted
    }
  },
})

async function openPrompts(host: Host): Promise<Prompts> {
  if (host.stdin.isTerminal && host.stderr.isTerminal) return await host.openPrompts()
  throw usageError(
    'init asks questions and needs a terminal. "oci-gateway init --yes" takes the defaults instead',
  )
}

/** The text and the keys of the file that exists. */
async function readExisting(
  { files }: Host,
  { warn }: Prompts,
): Promise<Pick<WizardRun, 'existing' | 'text'>> {
  // Before any question: a file that cannot be replaced is an error.
  const path = await replaceablePath(files, CONFIG_FILE)
  const text = path && await refusingErrors(path, () => files.read(path))
  if (text === undefined) return { text, existing: {} }
  const checked = checkConfig({}, { name: CONFIG_FILE, text })
  if (checked.type === 'valid') return { text, existing: checked.merged }
  warn(`${CONFIG_FILE} has problems and will be replaced; a backup keeps it`)
  return { text: undefined, existing: {} }
}
