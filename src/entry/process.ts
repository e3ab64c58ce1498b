import process from 'node:process'
import type { Environment } from '../platform.ts'
import { writeCompiledCode } from './compile-cache.ts'
import { encodeText } from './encode-text.ts'
import { exitCodeFor, messageFor } from './exit-codes.ts'
import { fetchWithCa } from './fetch-with-ca.ts'
import { openFileSpool } from './file-spool.ts'
import type { Gateway } from './gateway.ts'
import { sha256 } from './native-hash.ts'
import { openStore } from './open-store.ts'
import { processFetch } from './process-fetch.ts'
import { processFiles } from './process-files.ts'
import { readProcess } from './process-reading.ts'

let unwritten = ''

/** Writes a line of the log to standard output, together with the others of this turn. */
export function writeLine(line: string): void {
  if (unwritten === '') setImmediate(writeLines)
  unwritten += `${line}\n`
}

function writeLines(): void {
  const lines = unwritten
  unwritten = ''
  if (lines !== '') process.stdout.write(lines)
}

/** Opens the gateway with the files of this process and, by default, its environment. */
export async function openProcessGateway(env: Environment = process.env): Promise<Gateway> {
  // The gateway keeps running when the reader of its log closes the pipe.
  process.stdout.on('error', () => {})
  process.on('exit', writeLines)
  // Loaded only now, because commands import this file for their help.
  const { openGateway } = await import('./gateway.ts')
  return await openGateway({
    ...{ env, files: processFiles, fetchWithCa, write: writeLine, terminal: terminalOf(env) },
    ...{
      fetch: processFetch(),
      coalesceChunks: 'Deno' in globalThis,
      sha256,
      encodeText,
      openSpool: openFileSpool,
      openStore,
      readProcess,
    },
  })
}

/** The terminal that shows standard output; `undefined` for a file or a pipe. */
function terminalOf(env: Environment): { hasColors: boolean } | undefined {
  return process.stdout.isTTY ? { hasColors: !env['NO_COLOR'] } : undefined
}

/** Writes the address, the credential and the access to standard error at start-up. */
export function announce({ config, source, region, stored }: Gateway, address: string): void {
  setImmediate(writeCompiledCode)
  const access = config.access.apiKeys.length > 0
    ? 'a key of GATEWAY_API_KEYS'
    : stored
    ? 'a key, once one is created with: oci-gateway keys create NAME'
    : 'no key (loopback)'
  process.stderr.write(
    `oci-genai-gateway listens on ${address}/v1\n` +
      `  credential: ${source}, region ${region}\n` +
      `  clients need ${access}\n`,
  )
}

/** The base URL for clients. */
export function addressOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** Writes the error's message to standard error and ends the process with status 78 or 1. */
export function exitWithError(thrown: unknown): never {
  process.stderr.write(`${messageFor(thrown)}\n`)
  process.exit(exitCodeFor(thrown))
}
