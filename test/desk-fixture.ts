import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { launchBrowser } from './browser-fixture.ts'
import { adminPassword } from './harness.ts'

const password = 'a desk of their own'

/** People of the staff with a browser each; what goes wrong on their pages is kept. */
export function desks(url: () => string) {
  let browser: Browser
  const errors: string[] = []
  beforeAll(async () => {
    browser = await launchBrowser()
  }, 60_000)
  afterAll(() => browser?.close())

  async function post(path: string, body: unknown, token?: string) {
    const response = await fetch(`${url()}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    })
    const reply = (await response.json()) as any
    if (!reply.success) throw new Error(`${path}: ${reply.error.code} ${reply.error.message}`)
    return reply.data
  }

  /** A new account of that name, which is also its user name. */
  async function hire(name: string, role: 'agent' | 'admin' = 'agent'): Promise<string> {
    const { access_token } = await post('/auth/login', { username: 'admin', password: adminPassword })
    const account = { username: name, name, email: `${name}@staff.example`, password, role }
    return (await post('/admin/users', account, access_token)).user.id
  }

  async function tokenOf(name: string): Promise<string> {
    return (await post('/auth/login', { username: name, password })).access_token
  }

  /** The console of somebody of the staff, signed in. */
  async function sitDown(name: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({
      locale: 'en-GB',
      viewport: { width: 1440, height: 860 },
      ...options,
    })
    const page = await context.newPage()
    // Shorter than a test: what was not found is named.
    page.setDefaultTimeout(10_000)
    page.on('pageerror', error => errors.push(String(error)))
    page.on('console', message => {
      if (message.type() === 'error' && !/WebSocket|ERR_CONNECTION/.test(message.text()))
        errors.push(message.text())
    })
    await page.goto(`${url()}/console`)
    await page.locator('input[name=username]').fill(name)
    await page.locator('input[name=password]').fill(password)
    await page.keyboard.press('Enter')
    await page.locator('.rail').waitFor()
    return page
  }

  /** On the desk, connected, lists read. */
  async function atDesk(name: string, options: BrowserContextOptions = {}): Promise<Page> {
    await hire(name)
    const page = await sitDown(name, options)
    await page.getByRole('button', { name: /^(Online|在线)$/ }).waitFor()
    await page.locator('.list .virtual, .list .empty').first().waitFor()
    return page
  }

  return { hire, tokenOf, sitDown, atDesk, errors }
}

/** The rows of the list that is shown. */
export const rows = (page: Page) => page.locator('.lists .row')

/** Says it in the conversation the agent works in. */
export async function reply(page: Page, text: string): Promise<void> {
  const box = page.locator('.pane.current .composer textarea')
  await box.fill(text)
  await box.press('Enter')
}

interface TraceEvent {
  name: string
  pid: number
  tid: number
  /** Of the thread's own time, in microseconds. */
  tdur?: number
  args: { name?: string }
}

/**
 * Loads the page anew, and tells the longest task of its main thread since: by the clock, as PerformanceObserver tells it (0 below 50 ms), and in time that
 * the thread itself worked. On a machine that others use, only the second says something about the page.
 */
export async function watchTasks(
  page: Page,
): Promise<{ longest(): Promise<{ wallMs: number; cpuMs: number }> }> {
  const browser = page.context().browser()!
  await page.addInitScript(() => {
    const long: number[] = []
    Object.assign(window, { long })
    new PerformanceObserver(list => {
      long.push(...list.getEntries().map(entry => entry.duration))
    }).observe({ type: 'longtask', buffered: true })
  })
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] })
  await page.reload()
  return {
    async longest() {
      const wall = await page.evaluate(() => (window as never as { long: number[] }).long)
      const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] }
      const mains = new Set(
        trace.traceEvents
          .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
          .map(({ pid, tid }) => `${pid}/${tid}`),
      )
      const worked = trace.traceEvents
        .filter(({ name, pid, tid }) => name.endsWith('RunTask') && mains.has(`${pid}/${tid}`))
        .map(({ tdur }) => (tdur ?? 0) / 1000)
      return {
        wallMs: Math.round(Math.max(0, ...wall)),
        cpuMs: Math.round(worked.reduce((a, b) => Math.max(a, b), 0)),
      }
    },
  }
}
