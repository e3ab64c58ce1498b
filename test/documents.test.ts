import assert from 'node:assert/strict'
import { access, glob, readFile } from 'node:fs/promises'
import { posix } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { checkConfig } from '../src/config/check.ts'
import { sourceTexts } from './words/source-text.ts'

/** Markers of text in a documented error that differs each time. */
const VARIABLE = /…|"…"/

const root = fileURLToPath(new URL('../', import.meta.url))
const pages = await readPages()

describe('documents', () => {
  for (const [page, text] of pages) {
    it(`${page} links to files and headings that exist`, async () => {
      const links = [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link)
      for (const link of links) await checkLink(page, link)
    })

    it(`${page} names files that exist`, async () => {
      for (const [, path = ''] of text.matchAll(/`((?:src|test|bench|tools|docs)\/[\w./-]+)`/g)) {
        assert.ok(await exists(path), `Cannot find ${path}`)
      }
    })
  }

  it('shows configuration files that the schema accepts', () => {
    const files = [...pages.values()].flatMap((text) => [
      ...text.matchAll(/^```jsonc?\n(\{\s+(?:"\$schema": "\.|"regions")[^]*?)^```$/gm),
    ])
    assert.equal(files.length, 3)
    for (const [, file = ''] of files) {
      assert.equal(checkConfig({}, { name: 'file', text: file }).type, 'valid')
    }
  })

  it('README.md, Quick start, shows what the demo prints', async () => {
    const [, shown = ''] = /^```\n([^`]*SIMULATOR[^`]*)^```$/m.exec(pages.get('README.md') ?? '') ??
      []
    assert.notEqual(shown, '')
    assert.ok((await readFile(`${root}src/cli/commands/demo.ts`, 'utf8')).includes(shown))
  })

  it('README.md, Troubleshooting, quotes errors as the code has them', async () => {
    const [, section = ''] = (pages.get('README.md') ?? '').split('## Troubleshooting')
    const [list = ''] = section.split('\n## ')
    const heads = list.split('\n').filter((line) => line.startsWith('- '))
    const quotes = heads.flatMap((line) => [...line.matchAll(/`([^`]+)`/g)].map(([, text]) => text))
    assert.equal(heads.length, 10)
    const code = await literals()
    for (const quote of quotes) {
      for (const part of quote?.split(VARIABLE) ?? []) {
        assert.ok(isComposed(part.trim(), code), `Cannot find "${part.trim()}" in src/`)
      }
    }
  })
})

async function readPages(): Promise<ReadonlyMap<string, string>> {
  const files = await Array.fromAsync(glob(['*.md', 'docs/**/*.md', 'test/*.md'], { cwd: root }))
  const names = files.map((file) => file.replaceAll('\\', '/')).sort()
  const read = async (name: string) => [name, await readFile(`${root}${name}`, 'utf8')] as const
  return new Map(await Promise.all(names.filter((name) => name !== 'docs/cases.md').map(read)))
}

async function checkLink(page: string, link: string): Promise<void> {
  if (/^[a-z]+:/.test(link)) return
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? page : posix.join(posix.dirname(page), path)
  assert.ok(await exists(target), `Cannot find ${link}`)
  const headings = pages.get(target)?.match(/^#+ .+$/gm)?.map(anchorOf) ?? []
  if (anchor !== undefined) assert.ok(headings.includes(anchor), `Cannot find ${link}`)
}

/** The anchor that GitHub gives a heading. */
function anchorOf(heading: string): string {
  return heading.replace(/^#+ /, '').toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
}

function withoutCode(text: string): string {
  return text.replaceAll(/^ *```[^]*?^ *```/gm, '').replaceAll(/`[^`\n]*`/g, '')
}

async function exists(path: string): Promise<boolean> {
  return await access(`${root}${path}`).then(() => true, () => false)
}

/** Between two literals in the text of all of them. */
const BREAK = '\0'

/** Whether a text is made of at most three literals, of which the last may go on. */
function isComposed(text: string, code: string, pieces = 3, before = ''): boolean {
  if (code.includes(before + text)) return true
  if (pieces === 1) return false
  const lengths = Array.from(text, (_, index) => text.length - index)
  return lengths.some((length) =>
    code.includes(before + text.slice(0, length) + BREAK) &&
    isComposed(text.slice(length), code, pieces - 1, BREAK)
  )
}

/** All literal text of the code, the pieces of one message joined. */
async function literals(): Promise<string> {
  const files = await Array.fromAsync(glob('src/**/*.ts', { cwd: root }))
  const texts = await Promise.all(files.map(async (file) => {
    const code = (await readFile(`${root}${file}`, 'utf8')).replaceAll(/['`] \+\s+['`]/g, '')
    return sourceTexts(code).map(({ text }) => text.replaceAll(/^[`'}]|\$\{$|[`']$/g, ''))
  }))
  return texts.flat().join(BREAK)
}
