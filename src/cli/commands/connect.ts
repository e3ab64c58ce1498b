import type { ClientDefinition } from '../../clients/client.ts'
import { CLIENTS } from '../../clients/table.ts'
import { EXIT } from '../../entry/exit-codes.ts'
import { defineCommand, type Invocation } from '../command.ts'
import { findConnection, type FoundConnection, TARGET_FLAGS } from '../connect/connection.ts'
import { changeFiles, type PlannedFile, type WrittenFile } from '../connect/change-files.ts'
import { exportLines, instructionsFor } from '../connect/instructions.ts'
import type { Place } from '../connect/locate-file.ts'
import { undoFiles } from '../connect/undo-files.ts'
import { unifiedDiff } from '../connect/unified-diff.ts'
import { waitForClient, type WaitResult } from '../connect/wait-for-client.ts'
import { PROGRAM } from '../help.ts'
import type { Host } from '../host.ts'
import type { OptionTable } from '../parse-arguments.ts'
import { stylesFor } from '../styles.ts'
import { unknownName, usageError } from '../usage-error.ts'

const OPTIONS = {
  write: { type: 'boolean', description: "Merge the settings into the client's own files" },
  undo: { type: 'boolean', description: 'Restore the files as they were before --write' },
  force: { type: 'boolean', description: 'With --undo: even if the files were changed since' },
  'no-wait': { type: 'boolean', description: "Do not wait for the client's first request" },
  json: { type: 'boolean', description: 'Print JSON' },
  home: { type: 'string', value: 'DIR', description: 'Folder instead of the home folder' },
  ...TARGET_FLAGS,
} as const satisfies OptionTable

type ConnectInvocation = Invocation<typeof OPTIONS>

/** `oci-gateway connect`: shows or writes what a client needs to use the gateway. */
export const connect = defineCommand({
  positionals: [{
    ...{ name: 'CLIENT', completes: 'client' },
    description: 'a client; without it, the list of clients',
  }],
  options: OPTIONS,
  examples: [
    { line: 'connect', does: 'list the clients' },
    { line: 'connect codex', does: 'print what to set' },
    { line: 'connect codex --write', does: 'configure Codex and wait for its first request' },
    { line: 'connect codex --undo', does: "restore Codex's configuration" },
  ],
  exitCodes: {
    [EXIT.failure]: 'a file cannot be changed, or the client sent no request that succeeded',
  },
  run(invocation) {
    const { positionals: [name], values, host } = invocation
    if (values.force && !values.undo) throw usageError('--force is only for --undo')
    if (values.write && values.undo) throw usageError('Use either --write or --undo')
    if (name === undefined) return listClients(invocation)
    const client = CLIENTS.find((known) => known.name === name)
    if (client === undefined) {
      throw unknownName('client', name, CLIENTS.map((known) => known.name))
    }
    const place = { host, home: values.home }
    if (values.undo) return undoFiles(client, { place, ...values, host })
    return configure(client, place, invocation)
  },
})

function listClients({ values, host: { stdout } }: ConnectInvocation): Promise<number> {
  if (values.write || values.undo) throw usageError('CLIENT is missing: the name of a client')
  const rows = CLIENTS.map(({ name, title, files }) => ({ name, title, writes: files.length > 0 }))
  const width = Math.max(...rows.map(({ name }) => name.length))
  stdout.write(
    values.json
      ? `${JSON.stringify(rows)}\n`
      : `${rows.map(({ name, title }) => `${name.padEnd(width)}  ${title}`).join('\n')}\n`,
  )
  return Promise.resolve(EXIT.success)
}

async function configure(
  client: ClientDefinition,
  place: Place,
  { values, host }: ConnectInvocation,
): Promise<number> {
  const found = await findConnection(host, values)
  for (const warning of found.warnings) host.stderr.write(`${warning}\n`)
  if (!values.write || client.files.length === 0) {
    await printInstructions(client, found, host, values.json)
    if (!values.write || values['no-wait'] || values.json) return EXIT.success
    return reportWait(await waitForClient(host, found.connection, client), client, found, host)
  }
  const show = values.json ? () => {} : (planned: readonly PlannedFile[]) => showDiff(planned, host)
  const written = await changeFiles(client, found.connection, { place, show })
  const variables = client.env?.(found.connection) ?? {}
  if (!values.json) host.stdout.write(summary(written, variables))
  const result = values['no-wait'] ? undefined : await waitForClient(host, found.connection, client)
  if (values.json) {
    host.stdout.write(`${JSON.stringify(report(client, found, written, result))}\n`)
  }
  return result === undefined ? EXIT.success : reportWait(result, client, found, host)
}

function showDiff(planned: readonly PlannedFile[], { stdout }: Host): void {
  const styles = stylesFor(stdout)
  for (const { path, before = '', after } of planned) {
    stdout.write(unifiedDiff(path, before, after, styles))
  }
}

async function printInstructions(
  client: ClientDefinition,
  { connection }: FoundConnection,
  { stdout }: Host,
  isJson: boolean,
): Promise<void> {
  const instructions = await instructionsFor(client, connection)
  if (isJson) {
    const { name, env } = client
    const target = { url: connection.url, model: connection.model.id }
    const files = { file: null, backup: null, changed: false, files: [] }
    const variables = env?.(connection) ?? {}
    stdout.write(
      `${JSON.stringify({ client: name, ...files, ...target, env: variables, instructions })}\n`,
    )
    return
  }
  const { bold } = stylesFor(stdout)
  stdout.write(
    instructions.map(({ heading, text }) => `${bold(`${heading}:`)}\n\n${text}`).join('\n'),
  )
  if (client.files.length > 0) {
    stdout.write(`\n${PROGRAM} connect ${client.name} --write sets this.\n`)
  }
}

function summary(
  written: readonly WrittenFile[],
  variables: Readonly<Record<string, string>>,
): string {
  const lines = written.map(({ file, backup, changed, created }) => {
    if (!changed) return `${file} has these settings already.\n`
    const copy = backup === null ? '' : `Backup  ${backup}\n`
    return `${created ? 'Created' : 'Changed'} ${file}\n${copy}`
  })
  const entries = Object.entries(variables)
  const exports = entries.length === 0 ? '' : `\nAdd to your shell:\n\n${exportLines(entries)}`
  return `${lines.join('')}${exports}`
}

function report(
  { name, env }: ClientDefinition,
  { connection }: FoundConnection,
  written: readonly WrittenFile[],
  result: WaitResult | undefined,
): object {
  return {
    client: name,
    file: written[0]?.file ?? null,
    backup: written[0]?.backup ?? null,
    changed: written.some(({ changed }) => changed),
    files: written,
    url: connection.url,
    model: connection.model.id,
    env: env?.(connection) ?? {},
    ...(result !== undefined && { works: result === 'works' }),
  }
}

/** Writes what became of the first request and returns the exit status. */
function reportWait(
  result: WaitResult,
  { name, title }: ClientDefinition,
  { connection }: FoundConnection,
  { stderr }: Host,
): number {
  const { green } = stylesFor(stderr)
  switch (result) {
    case 'works':
      stderr.write(`${green('✓')} ${title} works.\n`)
      return EXIT.success
    case 'interrupted':
      stderr.write(`Stopped waiting. ${title} is configured.\n`)
      return EXIT.success
    case 'unauthorized':
      stderr.write(
        `The gateway at ${connection.url} does not accept the key. Set one of its keys with --key\n`,
      )
      return EXIT.failure
    case 'timeout':
      stderr.write(
        `No request of ${title} succeeded within 5 minutes. Find the cause:\n\n` +
          `  ${PROGRAM} doctor --client ${name}\n`,
      )
      return EXIT.failure
  }
}
