import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { access, chown, glob, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import { freePort } from '../../bench/processes.ts'

/** A database server of its own on a free loopback port, with a temporary folder. */
export interface Engine {
  url: string
  /** Ends the server. */
  end(): Promise<void>
  /** Starts it again with its data. */
  restart(): Promise<void>
  stop(): Promise<void>
}

const run = promisify(execFile)
const INSTALL = 'install with `apt-get install redis-server postgresql`'

/** Why the tests of an engine are skipped, or `false` if it is installed. */
export async function missingEngine(program: 'redis-server' | 'postgres'): Promise<string | false> {
  return await findProgram(program) ? false : `${program} not found, ${INSTALL}`
}

async function findProgram(name: string): Promise<string | undefined> {
  const versions = await Array.fromAsync(glob('/usr/lib/postgresql/*/bin'))
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...versions.sort().reverse()]
  for (const folder of folders) {
    const path = join(folder, name)
    if (await access(path).then(() => true, () => false)) return path
  }
  return undefined
}

/** Starts Redis, which writes each command to its file. */
export async function startRedis(): Promise<Engine> {
  const folder = await mkdtemp(join(tmpdir(), 'redis-'))
  const port = await freePort()
  const program = await findProgram('redis-server') ?? 'redis-server'
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '']
  const start = () => startServer(program, [...args, '--appendonly', 'yes'], 'Ready to accept')
  return await createEngine(`redis://127.0.0.1:${port}`, folder, start)
}

/** Starts Postgres. It refuses to run as root, so that root runs it as the user `postgres`. */
export async function startPostgres(): Promise<Engine> {
  const folder = await mkdtemp(join(tmpdir(), 'postgres-'))
  const data = join(folder, 'data')
  await mkdir(data, { mode: 0o700 })
  const user = process.getuid?.() === 0 ? await userIds('postgres') : undefined
  for (const path of user ? [folder, data] : []) await chown(path, user?.uid ?? 0, user?.gid ?? 0)
  const as = user ? ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'] : []
  const command = async (name: string, args: string[]) => {
    const [program = '', ...rest] = [...as, await findProgram(name) ?? name, ...args]
    return { program, args: rest }
  }
  const init = await command('initdb', [
    ...['-D', data, '-U', 'test', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'],
  ])
  await run(init.program, init.args, { cwd: folder })
  const port = await freePort()
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=`]
  const options = [...settings, 'synchronous_commit=on', 'fsync=off', 'max_connections=60']
  const server = await command('postgres', ['-D', data, ...options.flatMap((one) => ['-c', one])])
  const start = () =>
    startServer(server.program, server.args, 'ready to accept connections', folder)
  return await createEngine(`postgres://test@127.0.0.1:${port}/postgres`, folder, start)
}

async function userIds(name: string): Promise<{ uid: number; gid: number }> {
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, name])).stdout)),
  )
  return { uid: uid ?? 0, gid: gid ?? 0 }
}

async function createEngine(
  url: string,
  folder: string,
  start: () => Promise<ChildProcess>,
): Promise<Engine> {
  let server = await start().catch(async (error) => {
    await rm(folder, { recursive: true, force: true })
    throw error
  })
  return {
    url,
    end: () => end(server),
    async restart() {
      server = await start()
    },
    async stop() {
      await end(server)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function startServer(
  program: string,
  args: readonly string[],
  ready: string,
  cwd?: string,
): Promise<ChildProcess> {
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  // A test process that ends without `stop` leaves no server.
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('close', () => process.off('exit', kill))
  await new Promise<void>((resolve, reject) => {
    let output = ''
    const read = (chunk: unknown) => {
      output += chunk
      if (output.includes(ready)) resolve()
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('error', reject)
    child.once('close', () => reject(new Error(`${program} ended: ${output}`)))
  })
  return child
}

/** On SIGQUIT, Postgres ends its own processes too. Redis has no handler for it. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = new Promise((resolve) => child.once('close', resolve))
  child.kill('SIGQUIT')
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await closed
  clearTimeout(timer)
}
