import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { readResults } from './clients/last-run.ts'
import { CLIENTS } from './clients/table.ts'
import { clientPages, withClients } from '../tools/clients.ts'

const pages = await clientPages()
const docs = new URL('../docs/', import.meta.url)

describe('docs/clients/', () => {
  for (const [path, text] of pages) {
    it(`has in ${path} what npm run docs writes`, async () => {
      assert.equal(await readFile(new URL(path, docs), 'utf8'), text)
    })
  }

  it('has no page of an unknown client', async () => {
    const files = (await readdir(new URL('clients/', docs))).map((file) => `clients/${file}`)
    assert.deepEqual(files.sort(), [...pages.keys()].sort())
  })
})

describe('README.md', () => {
  it('has the table of clients that npm run docs writes', async () => {
    const page = await readFile(new URL('../README.md', import.meta.url), 'utf8')
    assert.equal(page, withClients(page, await readResults()))
    assert.match(page, /^\| \[OpenClaw\]\(docs\/clients\/openclaw\.md\) \|/m)
  })
})

describe('the table of clients', () => {
  it('pins every package', () => {
    for (const { packages } of CLIENTS) {
      for (const version of Object.values(packages)) assert.match(version, /^\d+\.\d+\.\d+$/)
    }
  })

  it('gives no check the name of another', () => {
    for (const { definition: { name }, checks } of CLIENTS) {
      const names = checks.map((check) => check.name)
      assert.deepEqual([...new Set(names)], names, name)
    }
  })

  it('keeps a result of each client it runs, and of no other', async () => {
    const names = (await readResults()).map(({ client }) => client).sort()
    assert.deepEqual(names, CLIENTS.map(({ definition }) => definition.name).sort())
  })
})
