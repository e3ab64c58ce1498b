/**
 * Checks that a tag can be released, and prints the section of the changelog for it. The release
 * workflow runs it first.
 *
 *   node tools/release-check.ts v0.1.0
 */
import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { changelogSection, findProblems, type Manifest } from './release/problems.ts'

const read = (path: string) => readFile(new URL(`../${path}`, import.meta.url), 'utf8')

const tag = process.argv[2] ?? process.env['GITHUB_REF_NAME'] ?? ''
const facts = {
  tag,
  manifest: JSON.parse(await read('package.json')) as Manifest,
  lockedVersion: (JSON.parse(await read('package-lock.json')) as Manifest).version,
  changelog: await read('CHANGELOG.md'),
  repository: process.env['GITHUB_REPOSITORY'],
}
const problems = findProblems(facts)
if (problems.length > 0) {
  process.stderr.write(
    `Cannot release "${tag}":\n${problems.map((line) => `  - ${line}\n`).join('')}`,
  )
  process.exitCode = 1
} else {
  process.stdout.write(`${changelogSection(facts.changelog, facts.manifest.version)?.body}\n`)
}
