import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Runtime } from '../runtimes/start.ts'
import { axeViolations, openPage } from './chromium.ts'
import { ask, show, unlock } from './drive.ts'
import { startPrefixProxy } from './proxy.ts'
import { ADMIN_KEY, type Bench } from './suite.ts'

/** Who gets the page and its data. */
export function testAccess(bench: () => Bench, runtime: Runtime): void {
  it('serves the page without a key, with a strict policy', async () => {
    const { locked } = bench()
    const response = await fetch(locked.url, { headers: { accept: 'text/html' } })
    assert.equal(response.status, 200)
    assert.match(await response.text(), /^<!doctype html>/)
    const policy = response.headers.get('content-security-policy') ?? ''
    assert.match(policy, /^default-src 'none'; script-src 'sha256-[^' ]+'; style-src 'sha256-/)
    assert.match(policy, /frame-ancestors 'none'/)
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff')
    assert.equal(response.headers.get('referrer-policy'), 'no-referrer')
  })

  it('serves the page without compression to a client that cannot read it', async () => {
    const { locked } = bench()
    const headers = { 'accept': 'text/html', 'accept-encoding': 'identity' }
    const response = await fetch(locked.url, { headers })
    assert.equal(response.headers.get('content-encoding'), null)
    assert.match(await response.text(), /^<!doctype html>[^]*<\/html>\s*$/)
  })

  it('answers a client that is no browser as any other path without a route', async () => {
    const { locked: { url, key } } = bench()
    for (const [sent, status] of [['', 401], [key, 404]] as const) {
      const headers = { accept: 'application/json', authorization: `Bearer ${sent}` }
      assert.equal((await fetch(url, { headers })).status, status)
    }
  })

  it('gives its data only to the administration key', async () => {
    const { locked } = bench()
    const paths = ['/admin/v1/status', '/admin/v1/requests']
    for (const [key, status] of [['', 401], [locked.key, 401], [ADMIN_KEY, 200]] as const) {
      const headers = { authorization: `Bearer ${key}` }
      const responses = await Promise.all(
        paths.map((path) => fetch(locked.url + path, { headers })),
      )
      assert.deepEqual(responses.map((response) => response.status), [status, status])
    }
  })

  if (runtime !== 'workers') {
    it('gives no data to pages of other origins and host names', async () => {
      const { open } = bench()
      const cases = [
        { origin: 'https://evil.example' },
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
      ]
      for (const headers of cases) {
        const response = await fetch(`${open.url}/admin/v1/requests`, { headers })
        assert.equal(response.status, 403, JSON.stringify(headers))
      }
    })
  }

  it('asks for both keys, keeps them in memory only, and forgets them', async () => {
    const { browser, locked } = bench()
    const { page, context, problems } = await openPage(browser, `${locked.url}/`)
    await unlock(page, 'API key', 'wrong-key')
    await page.getByText('The gateway does not accept this key').waitFor()
    await unlock(page, 'API key', locked.key)
    await page.getByLabel('Prompt').waitFor()
    await show(page, 'Requests')
    await unlock(page, 'Administration key', ADMIN_KEY)
    await page.getByText('No such requests yet').or(page.locator('.log')).first().waitFor()
    const kept = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href])
    )
    assert.ok(!kept.includes(locked.key) && !kept.includes(ADMIN_KEY), kept)
    await page.getByRole('button', { name: 'Forget keys' }).click()
    await page.getByLabel('Administration key').waitFor()
    await page.reload()
    await page.getByLabel('Administration key').waitFor()
    assert.deepEqual(problems, [])
    await context.close()
  })

  it('works below a path of a reverse proxy, with and without a slash at its end', async () => {
    const { browser, locked } = bench()
    const proxy = await startPrefixProxy(locked.url, '/tools/gw')
    for (const end of ['', '/']) {
      const { page, context, problems } = await openPage(browser, proxy.url + end)
      await unlock(page, 'API key', locked.key)
      await ask(page, 'Hello')
      const url = `${proxy.url}/v1`
      await page.getByText(`base_url = "${url}"`).waitFor()
      assert.deepEqual(problems, [])
      await context.close()
    }
    await proxy.stop()
  })

  it('has no accessibility violation while it is locked', async () => {
    const { browser, locked } = bench()
    const { page, context } = await openPage(browser, `${locked.url}/`, { bypassCSP: true })
    await page.getByLabel('API key', { exact: true }).waitFor()
    assert.deepEqual(await axeViolations(page), [])
    await context.close()
  })
}
