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
  strategy?: { matrix: { steps?: string[] } }
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
