import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { parse } from 'yaml'
import { missing, ROOT, run } from './programs.ts'

const FOLDER = join(ROOT, 'deploy/terraform')
const skip = await missing('terraform')

interface CloudInit {
  write_files: { path: string; permissions: string; content: string }[]
  runcmd: string[]
}

describe('deploy/terraform', { skip }, () => {
  it('is formatted', async () => {
    const { status, stdout, stderr } = await run('terraform', ['fmt', '-check', '-diff', FOLDER])
    assert.equal(status, 0, stdout + stderr)
  })

  it('writes the unit and the variables of the instance', async () => {
    const { write_files: files, runcmd } = await cloudInit()
    const unit = await readFile(join(ROOT, 'deploy/systemd/oci-gateway.service'), 'utf8')
    const written = files.find(({ path }) => path.endsWith('.service'))?.content
    assert.equal(written?.trim(), unit.trim())
    const variables = files.find(({ path }) => path === '/etc/oci-gateway/environment')?.content
    assert.match(variables ?? '', /^OCI_AUTH=instance_principal\nOCI_REGION=us-chicago-1\n/)
    assert.match(runcmd.join('\n'), /sha256sum -c/)
    assert.match(runcmd.join('\n'), /oci-genai-gateway@0\.1\.0/)
  })

  it('has the versions of the package and of Node', async () => {
    const text = await readFile(join(FOLDER, 'variables.tf'), 'utf8')
    const { version, devDependencies: { node } } = JSON.parse(
      await readFile(join(ROOT, 'package.json'), 'utf8'),
    ) as { version: string; devDependencies: { node: string } }
    const defaultOf = (name: string) =>
      new RegExp(`variable "${name}" \\{[^}]*default\\s+= "([^"]+)"`).exec(text)?.[1]
    assert.deepEqual([defaultOf('gateway_version'), defaultOf('node_version')], [version, node])
  })
})

/** What the instance receives. Terraform renders it without the provider. */
async function cloudInit(): Promise<CloudInit> {
  const folder = await mkdtemp(join(tmpdir(), 'terraform-'))
  const call = `templatefile("${FOLDER}/cloud-init.yaml.tftpl", {
    compartment_id = "ocid1.compartment.oc1..example", gateway_version = "0.1.0",
    node_version = "24.21.0", region = "us-chicago-1",
    unit = file("${ROOT}deploy/systemd/oci-gateway.service") })`.replaceAll('\n', ' ')
  const { status, stdout, stderr } = await run(
    'terraform',
    [`-chdir=${folder}`, 'console'],
    `jsonencode(${call})\n`,
  )
  await rm(folder, { recursive: true, force: true })
  assert.equal(status, 0, stderr)
  // The console prints a text with the quotes of its own syntax.
  return parse(JSON.parse(JSON.parse(stdout.trim()) as string) as string) as CloudInit
}
