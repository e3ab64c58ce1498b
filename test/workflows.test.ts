import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { allSteps } from './run/steps.ts'

const folder = new URL('../.github/workflows/', import.meta.url)
const files = (await readdir(folder)).sort()

interface Workflow {
  permissions: Record<string, string>
  jobs: Record<string, Job>
}

interface Job {
  needs?: string
  environment?: string
  permissions?: Record<string, string>
  strategy?: { matrix: { steps?: string[]; script?: string[] } }
  steps: { run?: string; uses?: string }[]
}

async function readWorkflow(file: string): Promise<Workflow> {
  return parse(await readFile(new URL(file, folder), 'utf8')) as Workflow
}

describe('.github/workflows', () => {
  for (const file of files) {
    it(`${file} pins each action to a commit, with its version`, async () => {
      const text = await readFile(new URL(file, folder), 'utf8')
      for (const [line] of text.matchAll(/^.*\buses:.*$/gm)) {
        assert.match(line, /uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
      }
    })

    it(`${file} may read the repository only, except single jobs`, async () => {
      assert.deepEqual((await readWorkflow(file)).permissions, { contents: 'read' })
    })
  }

  it('ci.yml runs every step of npm test', async () => {
    const { jobs } = await readWorkflow('ci.yml')
    const inMatrix = jobs['test']?.strategy?.matrix.steps?.flatMap((steps) => steps.split(' '))
    // The faults have a job for each runtime.
    const run = [...inMatrix ?? [], 'faults'].sort()
    const steps = await allSteps(fileURLToPath(new URL('../', import.meta.url)), tmpdir(), 0)
    assert.deepEqual(run, steps.map(({ name }) => name).sort())
  })

  it('ci.yml checks the files of deploy/ and the image', async () => {
    const { jobs: { deploy } } = await readWorkflow('ci.yml')
    const commands = commandsOf(deploy)
    assert.match(commands, /npm run test:deploy/)
    assert.match(commands, /npm run test:image/)
  })

  it('ci.yml tests a cluster with its engines installed', async () => {
    const { jobs: { cluster } } = await readWorkflow('ci.yml')
    const commands = commandsOf(cluster)
    const parts = ['redis-server postgresql', 'npm run test:cluster', 'npm run fuzz -- cluster']
    const positions = parts.map((part) => commands.indexOf(part))
    assert.deepEqual(positions, positions.toSorted((one, other) => one - other))
    assert.ok(!positions.includes(-1), commands)
  })

  it('ci.yml runs the tests of uploads and of reloads, which npm test leaves out', async () => {
    const { jobs: { resources } } = await readWorkflow('ci.yml')
    assert.deepEqual(resources?.strategy?.matrix.script, ['test:endpoints', 'test:reload'])
    assert.match(commandsOf(resources), /npm ci\nnpm run \$\{\{ matrix\.script \}\}/)
  })

  it('release.yml signs the image by its digest, after the approval of a person', async () => {
    const { jobs: { image } } = await readWorkflow('release.yml')
    const commands = commandsOf(image)
    assert.equal(image?.needs, 'publish')
    const parts = [
      'npm ci',
      'npm run build',
      'npm run build:image',
      'docker buildx build',
      'cosign',
    ]
    const positions = parts.map((part) => commands.indexOf(part))
    assert.deepEqual(positions, positions.toSorted((one, other) => one - other))
    assert.ok(!positions.includes(-1), commands)
    assert.match(commands, /--platform linux\/amd64,linux\/arm64/)
    assert.match(commands, /--sbom=true --provenance=mode=max/)
    assert.match(commands, /cosign sign --yes "\$IMAGE@\$DIGEST"/)
  })

  it('release.yml publishes what it checked and tested, after the approval of a person', async () => {
    const { jobs: { build, publish } } = await readWorkflow('release.yml')
    const commands = build?.steps.flatMap(({ run }) => run ?? []) ?? []
    const parts = [
      'npm ci',
      'release:check',
      'npm test',
      'npm run build',
      'npm pack',
      'release:sbom',
    ]
    const positions = parts.map((part) => commands.findIndex((run) => run.includes(part)))
    assert.deepEqual(positions, positions.toSorted((one, other) => one - other))
    assert.ok(!positions.includes(-1), commands.join('\n'))
    assert.deepEqual([publish?.needs, publish?.environment], ['build', 'npm'])
    const text = publish?.steps.map(({ run }) => run).join('\n') ?? ''
    assert.match(text, /npm publish \.\/release\/\*\.tgz --provenance --access public/)
  })
})

function commandsOf(job: Job | undefined): string {
  return job?.steps.map(({ run }) => run).join('\n') ?? ''
}
