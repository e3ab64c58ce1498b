import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import type { Client } from './client.ts'
import { runProgram } from './program.ts'

/** `CLIENTS_CACHE` is another folder, for example when `node_modules` is read-only. */
const CACHE = process.env['CLIENTS_CACHE'] ??
  fileURLToPath(new URL('../../node_modules/.cache/clients/', import.meta.url))

/** A file that marks a complete installation. */
const MARK = 'installed.json'

/** The version of the client itself. */
export function versionOf({ packages }: Client): string {
  return Object.values(packages)[0] ?? ''
}

/**
 * Installs a client's packages from the registry unless they are installed, and returns their folder.
 * @throws with the output of npm when the installation fails
 */
export async function install(client: Client, signal: AbortSignal): Promise<string> {
  const folder = join(CACHE, `${client.definition.name}@${versionOf(client)}`)
  const expected = JSON.stringify(client.packages)
  if (await readFile(join(folder, MARK), 'utf8').catch(() => '') === expected) return folder
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const manifest = { private: true, type: 'module', dependencies: client.packages }
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
  const scripts = client.runsInstallScripts ? [] : ['--ignore-scripts']
  const { code, output } = await runProgram({
    line: ['npm', 'install', ...scripts, '--no-audit', '--no-fund', '--no-package-lock'],
    cwd: folder,
    // The registry may need the user's proxies, certificates and credentials.
    env: process.env,
    limit: 600,
    signal,
  })
  if (code !== 0) {
    throw new Error(`Cannot install ${client.definition.name}: npm ended with ${code}\n${output}`)
  }
  await writeFile(join(folder, MARK), expected)
  return folder
}

/** Removes all installed packages. */
export async function removeInstalled(): Promise<void> {
  await rm(CACHE, { recursive: true, force: true })
}
