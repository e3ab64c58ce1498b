import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { ReportedCheck } from '../../src/cli/doctor/result.ts'
import { createDemoIdentity } from '../../src/simulator/identity.ts'

const CLI = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
const TLS = fileURLToPath(new URL('../fixtures/tls/faults/', import.meta.url))
const AUTHORITY = join(TLS, 'ca.pem')

const RUNTIMES: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ['Node', 'node'],
  ['Bun', 'bun', 'run'],
  ['Deno', 'deno', 'run', '-A', '--quiet', '--no-check'],
]

/** A home folder with a key that others can read, and an HTTPS server of an unknown authority. */
let home = ''
let port = 0
const server = createServer((_, response) => {
  response.writeHead(401, { 'content-type': 'application/json' })
  response.end('{"code":"NotAuthenticated","message":"No"}')
})

before(async () => {
  server.setSecureContext({
    key: await readFile(join(TLS, 'key.pem')),
    cert: await readFile(join(TLS, 'good.pem')),
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
  home = await mkdtemp(join(tmpdir(), 'doctor-'))
  const { tenancy, user, fingerprint, privateKey } = await createDemoIdentity()
  await mkdir(join(home, '.oci'))
  await writeFile(join(home, '.oci/key.pem'), privateKey)
  await chmod(join(home, '.oci/key.pem'), 0o644)
  const lines = [
    ...['[DEFAULT]', `tenancy=${tenancy}`, `user=${user}`, `fingerprint=${fingerprint}`],
    ...['region=us-chicago-1', 'key_file=~/.oci/key.pem', ''],
  ]
  await writeFile(join(home, '.oci/config'), lines.join('\n'), { mode: 0o600 })
})

after(async () => {
  server.close()
  server.closeAllConnections()
  await rm(home, { recursive: true })
})

describe('doctor on the real machine', () => {
  for (const [name, command, ...args] of RUNTIMES) {
    it(`finds open permissions, an unknown authority and a port in use on ${name}`, async () => {
      const run = (env: Record<string, string>) => diagnose([command, ...args], env)
      const checks = await run({ PORT: String(port), OCI_CLI_CERT_BUNDLE: AUTHORITY })
      assert.deepEqual(seen(checks, 'permissions'), {
        ...{ status: 'warn', reason: 'open_permissions' },
        fix: `chmod 600 ${join(home, '.oci/key.pem')}`,
      })
      assert.deepEqual(seen(checks, 'tls'), {
        ...{ status: 'fail', reason: 'cert_bundle_ignored' },
        fix: `export NODE_EXTRA_CA_CERTS=${AUTHORITY}`,
      })
      const tls = checks.find(({ id }) => id === 'tls')
      assert.match(tls?.cause ?? '', /"An authority for faults"/)
      assert.equal(seen(checks, 'port').reason, 'port_in_use')

      const trusted = await run({ NODE_EXTRA_CA_CERTS: AUTHORITY, PORT: '0' })
      assert.equal(seen(trusted, 'tls').status, 'ok')
      assert.equal(seen(trusted, 'port').status, 'ok')
      const first = trusted.find(({ status }) => status === 'fail')
      assert.equal(first?.reason, 'key_not_accepted')
    })
  }
})

function seen(checks: readonly ReportedCheck[], id: string) {
  const { status, reason, fix } = checks.find((check) => check.id === id) ?? {}
  return { status, reason, fix }
}

function diagnose(
  [command = '', ...args]: readonly string[],
  env: Record<string, string>,
): Promise<readonly ReportedCheck[]> {
  const address = `https://localhost:${port}`
  const variables = {
    ...{ PATH: process.env['PATH'], HOME: home, DENO_DIR: process.env['DENO_DIR'] },
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
    ...{ OCI_GENAI_ENDPOINT: address, OCI_GENAI_CONTROL_ENDPOINT: address, ...env },
  }
  return new Promise((resolve, reject) => {
    execFile(
      command,
      [...args, CLI, 'doctor', '--json'],
      { env: variables },
      (_, stdout, stderr) => {
        try {
          resolve((JSON.parse(stdout) as { checks: ReportedCheck[] }).checks)
        } catch {
          reject(new Error(`${stdout}${stderr}`))
        }
      },
    )
  })
}
