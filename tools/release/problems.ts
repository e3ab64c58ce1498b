/** The used members of `package.json`. */
export interface Manifest {
  version: string
  private?: boolean
  repository?: { url: string }
}

/** What decides whether a release is consistent. */
export interface ReleaseFacts {
  /** The name of the tag: `v1.2.3`. */
  tag: string
  manifest: Manifest
  /** The version in `package-lock.json`. */
  lockedVersion: string
  changelog: string
  /** `owner/name` on GitHub; `undefined` outside of a workflow. */
  repository: string | undefined
}

/** What has to be corrected before a release; empty if nothing. */
export function findProblems(facts: ReleaseFacts): string[] {
  const { tag, manifest: { version, private: isPrivate }, lockedVersion, changelog } = facts
  const section = changelogSection(changelog, version)
  const problems: [isProblem: boolean, text: string][] = [
    [tag !== `v${version}`, `the tag is "${tag}", the version in package.json is ${version}`],
    [
      lockedVersion !== version,
      `package-lock.json has version ${lockedVersion}. Run npm install --package-lock-only`,
    ],
    [isPrivate === true, 'package.json is private'],
    [!section, `CHANGELOG.md has no section "## ${version} – YYYY-MM-DD"`],
    [
      section !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(section.date),
      `CHANGELOG.md has "${section?.date}" instead of the date of ${version}`,
    ],
  ]
  const found = problems.filter(([isProblem]) => isProblem).map(([, text]) => text)
  return [...found, ...repositoryProblem(facts)]
}

/** npm accepts a provenance only from the repository that the package names. */
function repositoryProblem({ manifest, repository }: ReleaseFacts): string[] {
  const { url = '' } = manifest.repository ?? {}
  if (url === '') {
    return [
      'package.json has no repository. Set { "type": "git", "url": "git+https://github.com/…" }',
    ]
  }
  const path = /github\.com\/(.+?)(?:\.git)?$/.exec(url)?.[1]
  return repository === undefined || path === repository
    ? []
    : [`package.json names the repository ${url}, this is ${repository}`]
}

/** The date and the text of a version in the changelog; `undefined` without a section for it. */
export function changelogSection(
  changelog: string,
  version: string,
): { date: string; body: string } | undefined {
  for (const section of changelog.split(/^## /m).slice(1)) {
    const [heading = '', ...lines] = section.split('\n')
    const [name, date = ''] = heading.split(' – ')
    if (name?.trim() === version) return { date: date.trim(), body: lines.join('\n').trim() }
  }
  return undefined
}
