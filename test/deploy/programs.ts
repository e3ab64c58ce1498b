import { spawn } from 'node:child_process'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

/** The directory of the repository. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** How each program is installed, for the message of a skipped test. */
const INSTALL = {
  helm: 'https://helm.sh/docs/intro/install, or set HELM to its path',
  kubectl: 'https://kubernetes.io/docs/tasks/tools, or set KUBECTL to its path',
  'systemd-analyze': 'apt-get install systemd',
  terraform: 'https://developer.hashicorp.com/terraform/install, or set TERRAFORM to its path',
} as const

export type Program = keyof typeof INSTALL

/** Why tests with a program are skipped, or `false`. */
export async function missing(program: Program): Promise<string | false> {
  return await pathOf(program) ? false : `${program} not found: ${INSTALL[program]}`
}

/** What a program printed, and its exit status. */
export interface Printed {
  status: number
  stdout: string
  stderr: string
}

/** Runs a program in the directory of the repository, with a text as its standard input. */
export async function run(
  program: Program,
  args: readonly string[],
  input = '',
): Promise<Printed> {
  const path = await pathOf(program) ?? program
  const child = spawn(path, args, { cwd: ROOT, stdio: 'pipe' })
  child.stdin.end(input)
  const [stdout, stderr, status] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code) => resolve(code ?? 1))
    }),
  ])
  return { status, stdout, stderr }
}

/** The path in a variable such as HELM, or in PATH. */
async function pathOf(program: Program): Promise<string | undefined> {
  const { [program.toUpperCase().replaceAll('-', '_')]: named, PATH = '' } = process.env
  const places = named ? [named] : PATH.split(delimiter).map((folder) => join(folder, program))
  for (const place of places) {
    if (await access(place).then(() => true, () => false)) return place
  }
  return undefined
}
