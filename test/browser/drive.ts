import type { Page } from 'playwright-core'

/** A directive of the simulator: it answers with exactly this text. */
export function say(text: string): string {
  return `[[sim:say=${Buffer.from(text).toString('base64url')}]]`
}

/** Sends a prompt and waits until the answer has ended. */
export async function ask(page: Page, prompt: string): Promise<void> {
  await page.getByLabel('Prompt').fill(prompt)
  await page.getByRole('button', { name: 'Run' }).click()
  await ended(page)
}

/** Waits until no answer is streaming. */
export async function ended(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const answer = document.querySelector('.answer')
    return answer?.getAttribute('aria-busy') === 'false' &&
      answer.querySelector('.figures') !== null
  })
}

/** Shows a view of the console. */
export async function show(page: Page, title: string): Promise<void> {
  await page.getByRole('link', { name: title, exact: true }).click()
}

/** Types a key into the first form that asks for it. */
export async function unlock(page: Page, label: string, key: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).fill(key)
  await page.getByRole('button', { name: 'Unlock' }).click()
}

/** The figure with a name below the answer. */
export async function figure(page: Page, name: string): Promise<string> {
  const item = page.locator('.figures dl > div', { has: page.getByText(name, { exact: true }) })
  return await item.locator('dd').innerText()
}
