import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import type { Client } from './client.ts'
import { runProgram } from './program.ts'

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/clients/', import.meta.url))

/** Told when everything is there: an installation that was broken off has none. */
const MARK = 'installed.json'

/** The version of the client itself. */
export function versionOf({ packages }: Client): string {
  return Object.values(packages)[0] ?? ''
}

/**
 * The folder with a client's packages, installed from the registry unless they are there already;
 * throws with what npm said when they cannot be.
 */
export async function install(client: Client, signal: AbortSignal): Promise<string> {
  const folder = join(CACHE, `${client.name}@${versionOf(client)}`)
  const wanted = JSON.stringify(client.packages)
  if (await readFile(join(folder, MARK), 'utf8').catch(() => '') === wanted) return folder
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const manifest = { private: true, type: 'module', dependencies: client.packages }
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
  const scripts = client.runsInstallScripts ? [] : ['--ignore-scripts']
  const { code, output } = await runProgram({
    line: ['npm', 'install', ...scripts, '--no-audit', '--no-fund', '--no-package-lock'],
    cwd: folder,
    // The way to the registry may need proxies, certificates and keys of the person's own.
    env: process.env,
    limit: 600,
    signal,
  })
  if (code !== 0) {
    throw new Error(`Cannot install ${client.name}: npm ended with ${code}\n${output}`)
  }
  await writeFile(join(folder, MARK), wanted)
  return folder
}

/** Takes away what was installed. */
export async function removeInstalled(): Promise<void> {
  await rm(CACHE, { recursive: true, force: true })
}
