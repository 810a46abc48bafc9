import { beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../fixtures/harness.ts'

let server: TestServer
let owner: string
beforeAll(async () => {
  server = await startServer()
  owner = await server.signIn()
})

async function set(change: object): Promise<any> {
  const { reply } = await server.http('PUT', '/admin/widget', change, owner)
  return reply.success ? reply.data.settings : reply.error
}

async function script(headers: Record<string, string> = {}) {
  const response = await fetch(`${server.url}/widget.js`, { headers })
  return { status: response.status, tag: response.headers.get('etag'), text: await response.text() }
}

describe('issue 16: how the widget looks is a setting', () => {
  test('issue 16: what is not given stays, in the setting and in the file that pages load', async () => {
    const before = await script()
    expect(before.text).not.toContain('ParleySite=')
    await set({
      title: { en: 'Ask Fernwood', zh: '' },
      color: '#AA3300',
      starters: { en: ['Is it in stock?'], zh: [] },
    })
    expect(await set({ side: 'left', offset_y: 80 })).toMatchObject({
      title: { en: 'Ask Fernwood', zh: '' },
      color: '#aa3300',
      side: 'left',
      offset_x: 20,
      offset_y: 80,
    })
    const after = await script()
    const [head = '', ...code] = after.text.split('\n')
    expect(JSON.parse(head.slice('window.ParleySite='.length, -1))).toEqual({
      title: { en: 'Ask Fernwood', zh: '' },
      color: '#aa3300',
      starters: { en: ['Is it in stock?'], zh: [] },
      side: 'left',
      offset_y: 80,
    })
    expect(code.join('\n')).toBe(before.text)
    expect((await script({ 'if-none-match': before.tag! })).status).toBe(200)
    expect((await script({ 'if-none-match': after.tag! })).status).toBe(304)
    const { reply } = await server.http('GET', '/admin/widget', undefined, owner)
    expect(reply).toMatchObject({
      data: { settings: { side: 'left' }, defaults: { side: 'right', color: null } },
    })
  })

  test('issue 16: it ends no script element of a page that has the file within it, and is recorded', async () => {
    await set({ greeting: { en: '</script><script>alert(1)</script>\u2028', zh: '' } })
    const { text } = await script()
    expect(text.split('\n')[0]).not.toMatch(/<|\u2028/)
    const { reply } = await server.http('GET', '/admin/logs?scope=settings', undefined, owner)
    expect(reply).toMatchObject({
      data: {
        items: [
          { action: 'widget:set', after: { greeting: { en: expect.stringContaining('alert') } } },
          {},
          {},
        ],
      },
    })
    await set({ greeting: { en: '', zh: '' } })
  })

  test.each([
    ['color', 'red'],
    ['color', '#fff;background:url(//evil.example)'],
    ['logo_url', 'javascript:alert(1)'],
    ['logo_url', '//shop.example/logo.png'],
    ['logo_url', 'https://shop:secret@shop.example/logo.png'],
    ['side', 'top'],
    ['offset_x', -1],
    ['z_index', 2_147_483_648],
    ['title', { en: 'x'.repeat(61), zh: '' }],
    ['starters', { en: ['  '], zh: [] }],
  ])('issue 16: %s is refused as %j, and nothing is changed', async (field, value) => {
    const { reply: before } = await server.http('GET', '/admin/widget', undefined, owner)
    expect(await set({ [field]: value })).toMatchObject({
      code: 'VALIDATION_ERROR',
      details: [{ field: expect.stringContaining(field) }],
    })
    const { reply: after } = await server.http('GET', '/admin/widget', undefined, owner)
    expect((after as any).data).toEqual((before as any).data)
  })
})
