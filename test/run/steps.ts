import { glob } from 'node:fs/promises'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  bunFailures,
  bunTally,
  denoFailures,
  denoTally,
  lastLines,
  lastLineTally,
  nodeFailures,
  nodeTally,
} from './read-output.ts'
import { findChromium, INSTALL } from '../browser/chromium.ts'
import type { Command, Step } from './step.ts'

/** Milliseconds after which a test counts as hanging: longer than a gateway may take to start. */
const TIMEOUT = '300000'

/** The files share one process and its modules: to start one and to load them takes a second. */
const NODE_TEST: Command = [
  ...['node', '--test', '--test-isolation=none', '--test-reporter=spec'] as const,
  `--test-timeout=${TIMEOUT}`,
]

/** The contract tests that are not those of one gateway. */
const COMMANDS = /\/(cli|completion|connect|credentials|doctor|reload|reload-workers|store)\./

/**
 * All steps, in the order in which they start, the longest ones first after those that find
 * mistakes within seconds. The parallel ones start with the first one.
 * @param root the directory of the repository
 * @param temporary an empty directory for generated files
 * @param groupCount how many processes the unit tests on Node are distributed to
 */
export async function allSteps(
  root: string,
  temporary: string,
  groupCount: number,
): Promise<Step[]> {
  const runtimes = await findFiles(root, 'test/runtimes/*.test.ts')
  return [
    { name: 'format', commands: [['deno', 'fmt', '--check', '--quiet']] },
    { name: 'lint', commands: [['deno', 'lint', '--quiet']] },
    { name: 'types', commands: [['tsc', '-p', '.']] },
    ...await unitSteps(root, temporary, groupCount),
    {
      name: 'faults',
      commands: [['node', 'test/faults/faults.ts']],
      tally: lastLineTally,
      failures: lastLines,
      isParallel: true,
    },
    {
      name: 'attacks',
      commands: [['node', 'test/attacks/attacks.ts', '--short']],
      tally: lastLineTally,
      failures: lastLines,
      isParallel: true,
    },
    {
      name: 'contract',
      commands: [
        ...inGroups(runtimes.filter((file) => !COMMANDS.test(file)), 2),
        runtimes.filter((file) => COMMANDS.test(file)),
      ].map((files): Command => [...NODE_TEST, ...files]),
      tally: nodeTally,
      failures: nodeFailures,
      isParallel: true,
    },
    {
      name: 'conformance',
      commands: [['node', 'test/conformance/conformance.ts']],
      tally: lastLineTally,
      failures: lastLines,
      isParallel: true,
    },
    {
      name: 'console',
      commands: [[...NODE_TEST, 'test/browser/short.test.ts']],
      tally: nodeTally,
      failures: nodeFailures,
      isParallel: true,
      ...await findChromium() === undefined &&
        { skipped: { reason: 'Chromium is not installed', command: INSTALL } },
    },
    {
      name: 'linear',
      commands: [[...NODE_TEST, EXPRESSIONS, ...await findFiles(root, LINEAR_WORK)]],
      tally: nodeTally,
      failures: nodeFailures,
    },
    {
      name: 'stores',
      commands: [[...NODE_TEST, ...STORES]],
      tally: nodeTally,
      failures: nodeFailures,
      isParallel: true,
    },
    {
      name: 'package',
      commands: [[...NODE_TEST, ...await findFiles(root, 'test/packed/*.test.ts')]],
      tally: nodeTally,
      failures: nodeFailures,
      isParallel: true,
    },
  ]
}

/**
 * The unit tests on each runtime. The files of a group share one process and its modules,
 * because starting a process and loading modules takes longer than most files.
 */
async function unitSteps(
  root: string,
  temporary: string,
  groupCount: number,
): Promise<Step[]> {
  const units = (await findFiles(root, 'test/**/*.test.ts'))
    .filter((file) => !/^test\/(runtimes|packed|browser)\//.test(file) && !STORES.has(file))
  // On Node, they are the step `linear`.
  const measures = new Set([EXPRESSIONS, ...await findFiles(root, LINEAR_WORK)])
  const write = (name: string, files: readonly string[], count: number) =>
    writeEntries(root, temporary, name, inGroups(files, count))
  const tests = units.filter((file) => !runsOnNodeOnly(file))
  // They run fewer tests than Node: half as many groups take as long.
  const fewer = Math.ceil(groupCount / 2)
  const bun = await write('bun', tests, fewer)
  const deno = await write('deno', tests.filter((file) => file !== EXPRESSIONS), fewer)
  return [
    {
      name: 'bun',
      commands: bun.map((entry) => ['bun', 'test', '--timeout', TIMEOUT, entry]),
      tally: bunTally,
      failures: bunFailures,
    },
    {
      name: 'node',
      commands: inGroups(units.filter((file) => !measures.has(file)), groupCount)
        .map((files): Command => [...NODE_TEST, ...files]),
      tally: nodeTally,
      failures: nodeFailures,
    },
    {
      name: 'deno',
      commands: deno.map((entry): Command => [
        ...['deno', 'test', '-A', '--no-check', '--quiet'] as const,
        ...['--config', join(root, 'deno.json'), entry],
      ]),
      tally: denoTally,
      failures: denoFailures,
    },
  ]
}

/** Measures the CPU time of large requests, on Node only: work that is super-linear is so on each. */
const LINEAR_WORK = 'test/attacks/*linear*.test.ts'

/** Measures regular expressions. Deno has the same engine as Node, Bun another one. */
const EXPRESSIONS = 'test/regular-expressions.test.ts'

/**
 * Stores in another process, which are tested on Node only. Their code is the same on each runtime as
 * that of the stores in memory and SQLite, which are tested on all of them.
 */
const STORES: ReadonlySet<string> = new Set([
  'test/store/durable-object.test.ts',
  'test/store/postgres-loss.test.ts',
  'test/store/postgres.test.ts',
  'test/store/redis.test.ts',
])

/** Tests of the repository's files, not of the gateway. The parsers have tests on each runtime. */
const REPOSITORY_CHECKS: ReadonlySet<string> = new Set([
  'test/architecture.test.ts',
  'test/case-index.test.ts',
  'test/client-pages.test.ts',
  'test/config/examples.test.ts',
  'test/documents.test.ts',
  'test/generated-sections.test.ts',
  'test/words.test.ts',
  'test/workflows.test.ts',
])

/** Whether a unit test runs on Node only. */
function runsOnNodeOnly(file: string): boolean {
  return REPOSITORY_CHECKS.has(file) ||
    /^test\/(attacks|console|deploy|tools)\//.test(file)
}

async function findFiles(root: string, pattern: string): Promise<string[]> {
  const found = await Array.fromAsync(glob(pattern, { cwd: root }))
  return found.map((file) => file.replaceAll('\\', '/')).sort()
}

/** Files that each import the tests of a group, for runtimes that load modules once for each file. */
function writeEntries(
  root: string,
  temporary: string,
  name: string,
  groups: readonly (readonly string[])[],
): Promise<string[]> {
  return Promise.all(
    groups.map(async (group, at) => {
      const entry = join(temporary, `${name}-${at}.test.ts`)
      const imports = group.map((file) => `import '${pathToFileURL(join(root, file))}'\n`)
      await writeFile(entry, imports.join(''))
      return entry
    }),
  )
}

/** Distributes files round-robin, because slow test files are often neighbours. */
function inGroups(files: readonly string[], count: number): string[][] {
  const dealt = Array.from(
    { length: count },
    (_, group) => files.filter((_, at) => at % count === group),
  )
  return dealt.filter((group) => group.length > 0)
}
