/**
 * Runs one test file; other options are passed on to the runtime's test command.
 *
 *   npm run test:one -- test/app.test.ts
 *   npm run test:one -- test/app.test.ts --runtime bun
 *   npm run test:one -- test/app.test.ts --test-name-pattern='health'
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const COMMANDS = new Map([
  ['node', ['node', '--test', '--test-reporter=spec']],
  ['bun', ['bun', 'test']],
  ['deno', ['deno', 'test', '-A', '--no-check', '--quiet']],
])

const root = fileURLToPath(new URL('../', import.meta.url))
const args = process.argv.slice(2)
const file = args.find((arg) => arg.endsWith('.test.ts'))
const runtime = takeRuntime(args)
const [program, ...start] = COMMANDS.get(runtime) ?? []

if (file === undefined || program === undefined) {
  const runtimes = [...COMMANDS.keys()].join('|')
  process.stderr.write(
    `Usage: npm run test:one -- <file.test.ts> [--runtime ${runtimes}] [options]\n`,
  )
  process.exit(2)
}

const options = args.filter((arg) => arg !== file)
const path = file.startsWith('/') || file.startsWith('./') ? file : `./${file}`
const bin = join(root, 'node_modules/.bin')
const { status } = spawnSync(join(bin, program), [...start, ...options, path], {
  cwd: root,
  stdio: 'inherit',
})
process.exitCode = status ?? 1

/** Takes `--runtime x` or `--runtime=x` out of the arguments. */
function takeRuntime(args: string[]): string {
  const at = args.findIndex((arg) => /^--runtime(=|$)/.test(arg))
  if (at < 0) return 'node'
  const [option = '', value = ''] = args.splice(at, args[at] === '--runtime' ? 2 : 1)
  return option.split('=')[1] ?? value
}
