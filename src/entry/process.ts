import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import process from 'node:process'
import { toApiError } from '../errors.ts'
import type { Files } from '../platform.ts'
import { fetchOnce } from './deno-fetch.ts'
import { type Gateway, type GatewayOptions, openGateway } from './gateway.ts'
import { createNodeFetch } from './node-fetch.ts'
import { fetchWithCa } from './fetch-with-ca.ts'

/** Access to files, with Node's modules, which Bun and Deno provide too. */
export const processFiles: Files = {
  home: homedir(),
  read: readText,
  mode: readMode,
  write: writeText,
}

/** Writes a line of the log to standard output. */
export function writeLine(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Opens the gateway with the environment and the files of this process. */
export function openProcessGateway(): Promise<Gateway> {
  // The gateway keeps running when the reader of its log closes the pipe.
  process.stdout.on('error', () => {})
  return openGateway({
    ...{ env: process.env, files: processFiles, fetchWithCa, write: writeLine },
    ...runtimeOptions(),
  })
}

/** Options that depend on the runtime. */
function runtimeOptions(): Pick<GatewayOptions, 'fetch' | 'coalesceChunks'> {
  if ('Deno' in globalThis) return { fetch: fetchOnce, coalesceChunks: true }
  return 'Bun' in globalThis ? {} : { fetch: createNodeFetch() }
}

/** Writes the address, the credential and the access to standard error at start-up. */
export function announce({ config, source, region }: Gateway, address: string): void {
  const access = config.access.apiKeys.length > 0
    ? 'a key of GATEWAY_API_KEYS'
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

/** Exit status for a configuration error, from sysexits.h. */
export const EX_CONFIG = 78

/** Writes the error's message to standard error and ends the process with status 78 or 1. */
export function exitWithError(thrown: unknown): never {
  process.stderr.write(`${messageOf(thrown)}\n`)
  process.exit(toApiError(thrown).code === 'configuration_error' ? EX_CONFIG : 1)
}

function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  const isTaken = 'code' in thrown && thrown.code === 'EADDRINUSE'
  return isTaken ? 'Cannot listen: the port is in use. Set PORT to another one' : thrown.message
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (isMissing) return undefined
    throw error
  }
}

/** On Windows, the permission bits do not say who can read a file. */
async function readMode(path: string): Promise<number | undefined> {
  if (process.platform === 'win32') return undefined
  return (await stat(path)).mode & 0o777
}

/** Writes to a temporary file and renames it, so that readers never see an incomplete file. */
async function writeText(path: string, text: string): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID()}`
  try {
    await writeFile(temporary, text, { mode: 0o600, flag: 'wx' })
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}
