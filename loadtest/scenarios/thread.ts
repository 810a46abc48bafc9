import type { CDPSession, Page } from 'playwright-core'
import type { ParleyWidget } from '../../client/sdk/index.ts'
import { launchBrowser } from '../../test/fixtures/browser.ts'
import type { ServerProcess } from '../process.ts'
import { callHttp, type Rig, signIn } from '../rig.ts'
import { connectSocket, type SocketWire } from '../wire.ts'

const tokens = 90
const perSecond = 30
const answerMs = 30_000
/** Lines before the page has to have shown them. */
const inStep = 20
const password = 'a desk of their own'

/** A visitor's chat in a browser, and what its main thread has done. */
interface Reader {
  name: 'few' | 'many'
  page: Page
  devtools: CDPSession
}

/** What an answer costs the main thread of the widget's page: in a conversation of a few messages, and in one of a thousand. */
export async function measureThread(rig: Rig): Promise<void> {
  const { figures, sizes } = rig
  const model = await rig.model()
  await model.plan({ tokens, per_second: perSecond })
  const product = await rig.product({ database: rig.bestDatabase, shop: false, model })
  const browser = await launchBrowser()
  try {
    const agent = await takePlace(product)
    const readers: Reader[] = []
    for (const name of ['few', 'many'] as const) {
      const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 } })
      const page = await context.newPage()
      const devtools = await context.newCDPSession(page)
      await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
      await openChat(page, product.url)
      await fill(page, agent, sizes.thread[name])
      readers.push({ name, page, devtools })
    }
    // The first answers are slower: what renders them is compiled meanwhile.
    for (const reader of readers) await answerCost(reader)
    for (let round = 0; round < sizes.rounds; round++) {
      const cost: Record<string, number> = {}
      for (const reader of readers) {
        cost[reader.name] = await answerCost(reader)
        figures.add(`thread.${reader.name}.task_ms`, cost[reader.name]!)
      }
      figures.add('thread.ratio', cost.many! / cost.few!)
    }
  } finally {
    await browser.close()
  }
}

/** Somebody of the staff who takes whoever asks. */
async function takePlace(product: ServerProcess): Promise<SocketWire> {
  const account = { username: 'ann', email: 'ann@staff.example', password, role: 'agent' }
  await callHttp(product, '/admin/users', { body: account, token: await signIn(product) })
  const { access_token: token } = await callHttp<{ access_token: string }>(product, '/auth/login', {
    body: { username: 'ann', password },
  })
  return connectSocket(product.url, { namespace: 'agent', auth: { protocol: 1, token } })
}

async function openChat(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.locator('.launcher').click()
  await page.getByRole('button', { name: 'A person', exact: true }).waitFor()
}

/** An agent says so many lines, and gives the conversation back to the AI. */
async function fill(page: Page, agent: SocketWire, lines: number): Promise<void> {
  await page.getByRole('button', { name: 'A person', exact: true }).click()
  await page.getByText('You are number').first().waitFor()
  const { items } = await agent.ask<{ items: { id: string; conversation_id: string }[] }>('queue:list', {})
  const { id, conversation_id } = items[0]!
  await agent.ask('conversation:open', { conversation_id })
  await agent.ask('handoff:accept', { handoff_id: id, key: 'accept' })
  const messages = page.locator('.message.agent')
  for (let line = 0; line < lines; line++) {
    await agent.ask('message:send', { conversation_id, key: `line-${line}`, content: `Line ${line} of many` })
    // A page that falls behind begins anew with the newest.
    if (line % inStep === 0) await messages.nth(line).waitFor({ timeout: answerMs })
  }
  await messages.nth(lines - 1).waitFor({ timeout: answerMs })
  await agent.ask('handoff:complete', { handoff_id: id, key: 'complete' })
  await page.locator('.stars').waitFor()
}

/** Milliseconds of the main thread from a question to its whole answer. */
async function answerCost({ page, devtools }: Reader): Promise<number> {
  const spent = async () => {
    const { metrics } = await devtools.send('Performance.getMetrics')
    return metrics.find(({ name }) => name === 'TaskDuration')!.value * 1000
  }
  const box = page.locator('.composer textarea')
  await box.fill('How long does delivery take?')
  // Told by the page: to look for it again and again would cost with every message that is there.
  const whole = page.evaluate(
    () =>
      new Promise<void>(resolve => {
        const { Parley } = window as never as { Parley: ParleyWidget }
        const stop = Parley.on('received', ({ role }) => {
          if (role !== 'assistant') return
          stop()
          requestAnimationFrame(() => setTimeout(resolve))
        })
      }),
  )
  // What filling the conversation left is not the answer's.
  await devtools.send('HeapProfiler.collectGarbage')
  const since = await spent()
  await box.press('Enter')
  await whole
  return (await spent()) - since
}
