import { cpSync, rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { createClient, createMemoryStorage } from '../../client/sdk/index.ts'
import { startProxy } from '../faults/proxy.ts'
import { until as untilWithin } from '../faults/wait.ts'
import { hasBrowser } from '../fixtures/browser.ts'
import { fillDataFolder } from '../fixtures/embedded-template.ts'
import { type ServerNode, scratchFolder, startNode } from '../fixtures/processes.ts'
import { openChat, visitors, write } from '../fixtures/widget.ts'

const until = (what: string, condition: () => Promise<boolean>) => untilWithin(what, condition, 60_000)

/** A server whose database can be put back to an earlier copy; its address stays. */
async function restorable() {
  const { path, remove } = await scratchFolder()
  const { path: copy, remove: removeCopy } = await scratchFolder()
  await fillDataFolder(path)
  const environment = { DATA_DIR: path, SECRET_KEY: 'one and the same for every start of the server' }
  let node: ServerNode = await startNode('node', environment)
  const line = await startProxy({ target: () => node.port })

  async function whileDown(work: () => void) {
    await node.end('SIGTERM')
    work()
    node = await startNode('node', environment)
  }

  return {
    url: `http://127.0.0.1:${line.port}`,
    save: () => whileDown(() => cpSync(path, copy, { recursive: true })),
    restore: () =>
      whileDown(() => {
        rmSync(path, { recursive: true })
        cpSync(copy, path, { recursive: true })
      }),
    async stop() {
      await node.end('SIGKILL')
      line.close()
      await Promise.all([remove(), removeCopy()])
    },
  }
}

describe('H5: a database that is put back while clients stay open', { timeout: 180_000 }, () => {
  let server: Awaited<ReturnType<typeof restorable>>
  beforeAll(async () => {
    server = await restorable()
  }, 120_000)
  const { visit, errors } = visitors(() => server.url)
  afterAll(async () => {
    await server?.stop()
    expect(errors).toEqual([])
  })

  function tab() {
    const client = createClient({ url: server.url, namespace: 'visitor', storage: createMemoryStorage() })
    onTestFinished(() => client.disconnect())
    client.connect()
    return client
  }
  const ofPerson = (store: { get(): { messages: { role: string; content: string }[] } }) =>
    store.get().messages.flatMap(({ role, content }) => (role === 'user' ? [content] : []))

  test('H5: own words that were lost are sent again, once each and in order; new ones are not taken for old', async () => {
    const client = tab()
    const conversation = client.conversation()
    conversation.send('One')
    await until('an answer', async () =>
      conversation.get().messages.some(({ role, status }) => role === 'assistant' && status === 'complete'),
    )
    await server.save()
    conversation.send('Two')
    conversation.send('Three')
    await until(
      'an answer to all',
      async () => conversation.get().outgoing.length === 0 && conversation.get().messages.length >= 5,
    )
    /** Begun after the copy: of that nothing is left. */
    const lost = client.conversation({ isNew: true })
    lost.send('Only here')
    await until('it to be stored', async () => ofPerson(lost).length === 1)
    const before = conversation.get().seq
    await server.restore()
    await until(
      'what was lost to be there again',
      async () => ofPerson(conversation).join() === 'One,Two,Three',
    )
    await until(
      'the other conversation, anew',
      async () => ofPerson(lost).join() === 'Only here' && lost.get().outgoing.length === 0,
    )
    conversation.send('Four')
    await until(
      'new words',
      async () =>
        ofPerson(conversation).join() === 'One,Two,Three,Four' && conversation.get().outgoing.length === 0,
    )
    expect(before).toBeGreaterThan(0)
    const { messages } = await client.call('conversation:open', {
      conversation_id: conversation.get().conversation!.id,
    })
    expect(messages.filter(({ role }) => role === 'user').map(({ content }) => content)).toEqual([
      'One',
      'Two',
      'Three',
      'Four',
    ])
  })

  test.runIf(hasBrowser)('H5: a widget goes on without a reload, and shows each message once', async () => {
    const page = await visit()
    await write(page, 'Before the copy')
    await page.locator('.message.assistant .actions').waitFor()
    await server.save()
    await write(page, 'After the copy')
    await page.locator('.message.assistant .actions').nth(1).waitFor({ timeout: 60_000 })
    await server.restore()
    const spoken = () => page.locator('.message.user .bubble').allTextContents()
    await page.locator('.message.assistant .actions').nth(1).waitFor({ timeout: 60_000 })
    await expect.poll(spoken, { timeout: 60_000 }).toEqual(['Before the copy', 'After the copy'])
    await write(page, 'And on')
    await page.locator('.message.assistant .actions').nth(2).waitFor({ timeout: 60_000 })
    expect(await spoken()).toEqual(['Before the copy', 'After the copy', 'And on'])
    await page.reload()
    await openChat(page)
    await page.locator('.message.assistant .actions').nth(2).waitFor()
    expect(await spoken()).toEqual(['Before the copy', 'After the copy', 'And on'])
  })
})
