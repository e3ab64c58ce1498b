import { access, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import process from 'node:process'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

/** Where Debian, Ubuntu and others install it. */
const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

export const INSTALL = 'tools/install-test-engines.sh'

/** The path of Chromium, of `CHROMIUM` first; `undefined` if there is none. */
export async function findChromium(): Promise<string | undefined> {
  const { CHROMIUM } = process.env
  for (const path of CHROMIUM ? [CHROMIUM] : PATHS) {
    if (await access(path).then(() => true, () => false)) return path
  }
  return undefined
}

/** Starts a headless browser. Without a sandbox, which containers of CI do not allow. */
export async function startBrowser(path: string): Promise<Browser> {
  return await chromium.launch({ executablePath: path, args: ['--no-sandbox'], timeout: LIMIT })
}

/** Milliseconds; long, because other tests may use all processors. */
export const LIMIT = 120_000

export interface View {
  width: number
  scheme: 'light' | 'dark'
}

/** A page of the console, and what it must not do. */
export interface WatchedPage {
  page: Page
  context: BrowserContext
  /** Requests to other origins, violations of the policy, errors of the script. */
  problems: string[]
}

/** Opens a page that records what the console must not do. */
export async function openPage(
  browser: Browser,
  url: string,
  { width = 1440, scheme = 'light', bypassCSP = false }: Partial<View> & { bypassCSP?: boolean } =
    {},
): Promise<WatchedPage> {
  const viewport = { width, height: 900 }
  const context = await browser.newContext({ viewport, colorScheme: scheme, bypassCSP })
  context.setDefaultTimeout(LIMIT)
  const page = await context.newPage()
  const problems: string[] = []
  const { origin } = new URL(url)
  page.on('request', (request) => {
    const target = request.url()
    if (!target.startsWith('data:') && new URL(target).origin !== origin) {
      problems.push(`request to ${target}`)
    }
  })
  page.on('pageerror', (error) => problems.push(`error ${error.message}`))
  await page.exposeFunction('reportViolation', (text: string) => problems.push(text))
  await page.addInitScript(() => {
    const { reportViolation } = window as unknown as { reportViolation(text: string): void }
    addEventListener('securitypolicyviolation', (event) => {
      reportViolation(`violation of ${event.violatedDirective} by ${event.blockedURI}`)
    })
  })
  await page.goto(url)
  return { page, context, problems }
}

const axeSource = await readFile(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
)

/** The rules that the page breaks, with the elements. The page must have been opened without a policy. */
export async function axeViolations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeSource)
  return await page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: {
        run(): Promise<{ violations: { id: string; nodes: { target: unknown; html: string }[] }[] }>
      }
    }
    const { violations } = await axe.run()
    return violations.map(({ id, nodes }) =>
      `${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(' | ')}`
    )
  })
}

/** Whether the page is wider than its window, so that people have to scroll sideways. */
export async function isTooWide(page: Page): Promise<boolean> {
  return await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
}
