import assert from 'node:assert/strict'
import { it } from 'node:test'
import { openPage } from './chromium.ts'
import { unlock } from './drive.ts'
import { ADMIN_KEY, type Bench } from './suite.ts'

const BODY = { model: 'xai.grok-4.3', messages: [{ role: 'user', content: 'Hello' }] }

/** Keys and teams, where there is a store. */
export function testKeys(bench: () => Bench): void {
  it('creates, uses, disables, rotates and revokes a key', async () => {
    const { browser, locked } = bench()
    const { page, context, problems } = await openPage(browser, `${locked.url}/#keys`)
    await unlock(page, 'Administration key', ADMIN_KEY)
    await page.getByRole('button', { name: 'Create a key' }).click()
    const settings = { Name: 'browser', Team: 'tests', Models: 'xai.*', Budget: '1/month' }
    for (const [label, text] of Object.entries(settings)) {
      await page.getByLabel(label, { exact: true }).fill(text)
    }
    await page.getByLabel('Requests per minute', { exact: true }).fill('many')
    await page.getByRole('button', { name: 'Create key' }).click()
    await page.locator('.failure', { hasText: 'rpm' }).waitFor()
    await page.getByLabel('Requests per minute', { exact: true }).fill('60')
    await page.getByRole('button', { name: 'Create key' }).click()
    const shown = page.locator('.new-key code')
    const first = await shown.innerText()
    assert.match(first, /^ogk_\w{43}$/)
    assert.equal(await statusOf(locked.url, first), 200)

    const card = page.locator('.card', { hasText: 'browser' })
    await card.getByText('60 requests/min').waitFor()
    await card.getByText('of $1.00 this month').waitFor()
    await card.getByRole('button', { name: 'Disable' }).click()
    await card.getByText('disabled', { exact: true }).waitFor()
    await card.getByRole('button', { name: 'Enable' }).click()
    await card.getByRole('button', { name: 'Rotate' }).click()
    await card.getByText('The old key ends at once.').waitFor()
    await card.getByRole('button', { name: 'Rotate' }).click()
    await page.waitForFunction((old) => {
      const text = document.querySelector('.new-key code')?.textContent
      return text !== undefined && text !== old
    }, first)
    await page.getByRole('button', { name: 'I have copied it' }).click()
    assert.equal(await shown.count(), 0)

    const team = page.locator('.card', { has: page.getByRole('heading', { name: 'tests' }) })
    await team.getByRole('button', { name: 'Change limits' }).click()
    await team.getByLabel('Budget').fill('1000tokens/day')
    await team.getByRole('button', { name: 'Save' }).click()
    await team.getByText('of 1,000 tokens today').waitFor()

    await card.getByRole('button', { name: 'Revoke' }).click()
    await card.getByRole('button', { name: 'Revoke' }).click()
    await card.waitFor({ state: 'detached' })
    assert.deepEqual(problems, [])
    await context.close()
  })
}

async function statusOf(url: string, key: string): Promise<number> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'authorization': `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(BODY),
  })
  await response.text()
  return response.status
}
