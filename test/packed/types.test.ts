import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { BIN, install, ROOT } from './install.ts'

const run = promisify(execFile)

/** Packages that only the examples use. */
const PACKAGES = ['openai', '@types/node', 'undici-types']

const TSCONFIG = {
  compilerOptions: {
    ...{ target: 'ES2024', module: 'NodeNext', lib: ['ES2024', 'DOM', 'DOM.Iterable'] },
    ...{ strict: true, exactOptionalPropertyTypes: true, noEmit: true, types: ['node'] },
    // The declarations of other packages take most of the time.
    skipLibCheck: true,
  },
  include: ['*.ts'],
}

/** Types that would be `any`, if the declarations could not be found. */
const MISUSES = `
import { createGateway, type LogRecord } from 'oci-genai-gateway'
import { createSimulator } from 'oci-genai-gateway/simulator'
import worker from 'oci-genai-gateway/workers'

// @ts-expect-error: an unknown option
await createGateway({ enviroment: {} })
// @ts-expect-error: not an application
const text: string = await createGateway({ env: undefined, log: (record: LogRecord) => record.event })
// @ts-expect-error: an unknown option
await createSimulator({ delay: 1 })
// @ts-expect-error: bindings are missing
await worker.fetch(new Request('http://localhost'))
// @ts-expect-error: not a level
export const record: LogRecord = { level: 'loud', event: 'x' }
export { text }
`

describe('the types of the package', () => {
  let project = ''
  let examples: readonly string[] = []

  before(async () => {
    project = (await install()).project
    examples = await readExamples()
    await linkPackages(project)
    await writeFile(join(project, 'package.json'), '{ "type": "module" }')
    await writeFile(join(project, 'tsconfig.json'), JSON.stringify(TSCONFIG))
    await writeFile(join(project, 'misuses.ts'), MISUSES)
    await Promise.all(examples.map((code, at) => writeFile(join(project, `${at}.test.ts`), code)))
  })

  it('are those of the examples in docs/embedding.md, in a strict project', async () => {
    assert.equal(examples.length, 7)
    await assert.doesNotReject(run(join(BIN, 'tsc'), ['-p', project], { cwd: project }), stdoutOf)
  })

  it('match the code: the example of a test runs', async () => {
    const at = examples.findIndex((code) => code.includes('createSimulator()'))
    // In a test process of its own, not as a part of this one.
    const env = { PATH: process.env['PATH'] ?? '' }
    const { stdout } = await run(join(BIN, 'node'), [`${at}.test.ts`], { cwd: project, env })
    assert.match(stdout, /^✔ asks the model/m)
  })
})

function stdoutOf(error: unknown): never {
  throw new Error((error as { stdout: string }).stdout)
}

async function readExamples(): Promise<string[]> {
  const page = await readFile(join(ROOT, 'docs/embedding.md'), 'utf8')
  return Array.from(page.matchAll(/^```ts\n([^]*?)^```$/gm), ([, code = '']) => code)
}

async function linkPackages(project: string): Promise<void> {
  await mkdir(join(project, 'node_modules/@types'), { recursive: true })
  for (const name of PACKAGES) {
    await symlink(join(ROOT, 'node_modules', name), join(project, 'node_modules', name))
  }
}
