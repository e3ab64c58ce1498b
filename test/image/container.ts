import { spawn } from 'node:child_process'
import { chown, mkdir, readFile } from 'node:fs/promises'
import process from 'node:process'
import type { ImageConfig } from './buildah.ts'

/** A container without a container engine: the files of an image, and how they are run. */
export interface Container {
  /** The folder of its files, which are mounted read-only. */
  root: string
  config: ImageConfig
  /** A folder that is mounted writable at /data. */
  data?: string
}

/** A command that runs in a container. */
export interface ContainerProcess {
  pid: number
  output(): string
  /** Resolves with the first match in the output. Rejects if the command ends before. */
  printed(pattern: RegExp): Promise<RegExpExecArray>
  exited: Promise<number | null>
}

/**
 * Makes the root file system read-only, with the devices and /proc that a container engine mounts,
 * and runs a command in it as the user of the image. Each step replaces the process by the next one,
 * so that it keeps its id.
 */
const ENTER = `
set -e
root=$1 data=$2 user=$3
shift 3
mount --bind "$root" "$root"
mount -t tmpfs -o size=64k tmpfs "$root/dev"
for device in null zero urandom; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mount -o remount,ro "$root/dev"
mount -t proc -o ro proc "$root/proc"
if [ -n "$data" ]; then mount --bind "$data" "$root/data"; fi
mount -o remount,bind,ro "$root"
exec chroot --userspec="$user" "$root" "$@"
`

/** Runs a command in a container, with the variables of the image and others. */
export async function runInContainer(
  { root, config, data = '' }: Container,
  command: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<ContainerProcess> {
  for (const folder of ['dev', 'proc']) await mkdir(`${root}/${folder}`, { recursive: true })
  if (data !== '') await chown(data, ...userOf(config))
  const env = { ...Object.fromEntries(config.Env.map(splitVariable)), ...variables }
  const enter = ['--mount', 'sh', '-c', ENTER, 'enter', root, data, config.User]
  const child = spawn('unshare', [...enter, ...command], {
    // The tools outside of the image need a path, Node gets that of the image.
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('close', () => process.off('exit', kill))
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve))
  let text = ''
  const listeners = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      for (const listener of listeners) listener()
    })
  }
  return {
    pid: child.pid ?? 0,
    exited,
    output: () => text,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const check = () => {
          const match = pattern.exec(text)
          if (match) resolve(match)
        }
        listeners.add(check)
        check()
        void exited.then((status) => reject(new Error(`It ended with ${status}: ${text}`)))
      }),
  }
}

/** The command of the image. */
export function imageCommand({ Entrypoint, Cmd }: ImageConfig): string[] {
  return [...Entrypoint, ...Cmd]
}

/** The resident memory of a process in MiB. */
export async function residentMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024
}

/** The user and group ids of a process. */
export async function idsOf(pid: number): Promise<string> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return ['Uid', 'Gid'].map((name) => status.match(new RegExp(`^${name}:\\s+(\\d+)`, 'm'))?.[1])
    .join(':')
}

function userOf({ User }: ImageConfig): [uid: number, gid: number] {
  const [uid = 0, gid = 0] = User.split(':').map(Number)
  return [uid, gid]
}

function splitVariable(text: string): [name: string, value: string] {
  const at = text.indexOf('=')
  return [text.slice(0, at), text.slice(at + 1)]
}
