import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Client, ConnectionState } from '../../client/sdk/index.ts'
import { createMemoryStorage } from '../../client/sdk/index.ts'
import { keepRenewed } from '../../client/sdk/renewal.ts'
import { createSlots } from '../../client/sdk/storage.ts'
import { createTokens } from '../../client/sdk/tokens.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const minute = 60_000

/** A connection whose session lives for `lifeMs` by the server's clock, which may differ from ours. */
function connect(lifeMs: number) {
  let listener: (state: ConnectionState) => void = () => {}
  let aheadMs = 0
  const say = (state: ConnectionState) => {
    const now = state.session?.now
    aheadMs = now ? Date.parse(now) - Date.now() : 0
    listener(state)
  }
  const used: string[] = []
  const tokens: string[] = []
  const client = {
    now: () => Date.now() + aheadMs,
    subscribe(next: typeof listener) {
      listener = next
      return () => {}
    },
    async call(_: string, { refresh_token }: { refresh_token: string }) {
      used.push(refresh_token)
      const round = used.length
      return { access_token: `a${round}`, refresh_token: `r${round}`, token_type: 'bearer', expires_in: 1800 }
    },
  } as unknown as Client
  const visitorTokens = createTokens(
    {
      url: '',
      namespace: 'agent',
      refreshToken: 'r0',
      onTokens: ({ access_token }) => void tokens.push(access_token),
    },
    createSlots('', createMemoryStorage()),
    '',
  )
  keepRenewed(client, visitorTokens)
  const session = { expires_at: new Date(Date.now() + lifeMs).toISOString() } as ConnectionState['session']
  say({ status: 'online', code: null, session, turn: 0 })
  return { used, tokens, say }
}

test('a token is renewed halfway through its life, each time with the newest refresh token', async () => {
  const { used, tokens } = connect(30 * minute)
  await vi.advanceTimersByTimeAsync(14 * minute)
  expect(used).toEqual([])
  await vi.advanceTimersByTimeAsync(32 * minute)
  expect(used).toEqual(['r0', 'r1', 'r2'])
  expect(tokens).toEqual(['a1', 'a2', 'a3'])
})

test('a clock that is an hour wrong, either way, does not let the session run out', async () => {
  for (const wrong of [-60, 60]) {
    const { used } = connect((30 + wrong) * minute)
    await vi.advanceTimersByTimeAsync(29 * minute)
    expect(used.length).toBeGreaterThanOrEqual(1)
    expect(used.length).toBeLessThanOrEqual(2)
  }
})

test('nothing is renewed while there is no connection', async () => {
  const { used, say } = connect(30 * minute)
  say({ status: 'reconnecting', code: null, session: null, turn: 0 })
  await vi.advanceTimersByTimeAsync(60 * minute)
  expect(used).toEqual([])
})

test('B12: what is left of a token is what the server says, whatever this device’s clock is', async () => {
  for (const wrongMs of [-90 * minute, 90 * minute]) {
    const { used, say } = connect(30 * minute)
    const now = Date.now() + wrongMs
    const session = {
      now: new Date(now).toISOString(),
      expires_at: new Date(now + 10 * minute).toISOString(),
    } as ConnectionState['session']
    say({ status: 'online', code: null, session, turn: 0 })
    await vi.advanceTimersByTimeAsync(4 * minute)
    expect(used).toEqual([])
    await vi.advanceTimersByTimeAsync(2 * minute)
    expect(used).toEqual(['r0'])
  }
})

test('over HTTP too, an answer that was lost is asked for again, with the same token', async () => {
  const requests: string[] = []
  vi.stubGlobal('fetch', async (_: string, { body }: { body: string }) => {
    requests.push(JSON.parse(body).refresh_token)
    if (requests.length === 1) throw new TypeError('The network went.')
    const data = { access_token: 'a1', refresh_token: 'r1', token_type: 'bearer', expires_in: 1800 }
    return Response.json({ success: true, data })
  })
  const tokens = createTokens(
    { url: '', namespace: 'agent', refreshToken: 'r0' },
    createSlots('', createMemoryStorage()),
    '',
  )
  const regained = tokens.regain(null)
  await vi.advanceTimersByTimeAsync(3000)
  expect(await regained).toBe(true)
  expect([requests, tokens.access(), tokens.refresh()]).toEqual([['r0', 'r0'], 'a1', 'r1'])
})
