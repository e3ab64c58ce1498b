import { execFile } from 'node:child_process'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

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

/** Runs a program in the directory of the repository. */
export async function run(program: Program, args: readonly string[]): Promise<Printed> {
  try {
    const options = { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 }
    const path = await pathOf(program) ?? program
    return { status: 0, ...await promisify(execFile)(path, [...args], options) }
  } catch (thrown) {
    const { code, stdout = '', stderr = String(thrown) } = thrown as Partial<Printed> & {
      code?: number
    }
    return { status: code ?? 1, stdout, stderr }
  }
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
