import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { noticedPackages, publishedSbom } from '../../tools/release/sbom.ts'
import { changelogSection, findProblems, type ReleaseFacts } from '../../tools/release/problems.ts'

const CHANGELOG = `# Changelog

## 1.2.3 – 2026-12-01

### Fixes

- One.

## 1.2.2 – unreleased

- Two.
`

const GOOD: ReleaseFacts = {
  tag: 'v1.2.3',
  manifest: { version: '1.2.3', repository: { url: 'git+https://github.com/me/gateway.git' } },
  lockedVersion: '1.2.3',
  changelog: CHANGELOG,
  repository: 'me/gateway',
}

const { manifest } = GOOD

const cases: [name: string, change: Partial<ReleaseFacts>, problem: RegExp][] = [
  ['another tag', { tag: 'v1.2.4' }, /^the tag is "v1.2.4", the version in package.json is 1.2.3$/],
  ['a tag without v', { tag: '1.2.3' }, /^the tag is "1.2.3"/],
  ['another locked version', { lockedVersion: '1.2.2' }, /^package-lock.json has version 1.2.2/],
  ['a private package', { manifest: { ...manifest, private: true } }, /^package.json is private$/],
  ['no section', { changelog: '# Changelog\n' }, /^CHANGELOG.md has no section "## 1.2.3 – Y/],
  [
    'a section without a date',
    { changelog: CHANGELOG.replace('2026-12-01', 'unreleased') },
    /^CHANGELOG.md has "unreleased" instead of the date of 1.2.3$/,
  ],
  ['no repository', { manifest: { version: '1.2.3' } }, /^package.json has no repository/],
  ['another repository', { repository: 'you/gateway' }, /gateway.git, this is you\/gateway$/],
]

describe('findProblems()', () => {
  it('finds none in a consistent release, in a workflow and elsewhere', () => {
    assert.deepEqual(findProblems(GOOD), [])
    assert.deepEqual(findProblems({ ...GOOD, repository: undefined }), [])
  })

  for (const [name, change, problem] of cases) {
    it(`finds ${name}`, () => {
      const problems = findProblems({ ...GOOD, ...change })
      assert.equal(problems.length, 1, problems.join('\n'))
      assert.match(problems[0] ?? '', problem)
    })
  }
})

describe('changelogSection()', () => {
  it('returns the text of one version', () => {
    assert.deepEqual(changelogSection(CHANGELOG, '1.2.3'), {
      date: '2026-12-01',
      body: '### Fixes\n\n- One.',
    })
    assert.equal(changelogSection(CHANGELOG, '1.2'), undefined)
  })
})

describe('publishedSbom()', () => {
  const component = (name: string) => ({ 'bom-ref': `${name}@1.0.0`, name })
  const sbom = {
    metadata: { component: { ...component('gateway'), name: 'folder' } },
    components: ['hono', 'yaml', 'esbuild'].map(component),
    dependencies: [
      { ref: 'gateway@1.0.0', dependsOn: ['hono@1.0.0', 'yaml@1.0.0', 'esbuild@1.0.0'] },
      { ref: 'esbuild@1.0.0', dependsOn: [] },
    ],
  }

  it('keeps what is published, by the name of the package', () => {
    const published = publishedSbom(sbom, 'gateway', new Set(['hono', 'yaml']))
    assert.equal(published.metadata.component.name, 'gateway')
    assert.deepEqual(published.components.map(({ name }) => name), ['hono', 'yaml'])
    assert.deepEqual(published.dependencies, [
      { ref: 'gateway@1.0.0', dependsOn: ['hono@1.0.0', 'yaml@1.0.0'] },
    ])
  })

  it('throws if npm does not list a published package', () => {
    assert.throws(() => publishedSbom(sbom, 'gateway', new Set(['jose'])), /not list jose/)
  })

  it('reads the bundled packages from the notices', () => {
    const line = '-'.repeat(80)
    const notices = `Code.\n\n${line}\n\n@a/b 1.2.3, MIT\n\nText 1\n\n${line}\n\nc 4.0.0, ISC\n`
    assert.deepEqual(noticedPackages(notices), ['@a/b', 'c'])
  })
})
