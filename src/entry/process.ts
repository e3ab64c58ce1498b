import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import process from 'node:process'
import { toApiError } from '../errors.ts'
import type { Files } from '../platform.ts'
import { fetchOnce } from './deno-fetch.ts'
import { type Gateway, type GatewayOptions, openGateway } from './gateway.ts'
import { createNodeFetch } from './node-fetch.ts'
import { fetchWithCa } from './fetch-with-ca.ts'

/** The files of this machine; Bun and Deno know Node's modules. */
export const processFiles: Files = {
  home: homedir(),
  read: readText,
  mode: readMode,
  write: writeText,
}

/** Writes a line of the log to standard output; a reader that went away ends nothing. */
export function writeLine(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Opens the gateway with this machine's environment and files. */
export function openProcessGateway(): Promise<Gateway> {
  process.stdout.on('error', () => {})
  return openGateway({
    ...{ env: process.env, files: processFiles, fetchWithCa, write: writeLine },
    ...onThisRuntime(),
  })
}

/** What is done differently on one of them. */
function onThisRuntime(): Pick<GatewayOptions, 'fetch' | 'coalesceChunks'> {
  if ('Deno' in globalThis) return { fetch: fetchOnce, coalesceChunks: true }
  return 'Bun' in globalThis ? {} : { fetch: createNodeFetch() }
}

/** Tells the person who started the gateway where it listens and what it works with. */
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

/** The base address as a client types it. */
export function addressOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** Exit status of a program that was configured wrongly, by the custom of sysexits.h. */
export const EX_CONFIG = 78

/** Tells why the program cannot go on, in the words of the error, and ends it. */
export function exitWithError(thrown: unknown): never {
  process.stderr.write(`${wordsOf(thrown)}\n`)
  process.exit(toApiError(thrown).code === 'configuration_error' ? EX_CONFIG : 1)
}

function wordsOf(thrown: unknown): string {
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

/** Windows reports bits that say nothing about who can read a file. */
async function readMode(path: string): Promise<number | undefined> {
  if (process.platform === 'win32') return undefined
  return (await stat(path)).mode & 0o777
}

/** Whoever reads meanwhile reads the old text or the new one, never half of it. */
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
