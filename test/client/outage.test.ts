import { afterEach, expect, test, vi } from 'vitest'
import type { Message } from '#protocol'
import { createMemoryStorage, ParleyError } from '../../client/sdk/index.ts'
import { createOutbox } from '../../client/sdk/outbox.ts'
import { createSlots } from '../../client/sdk/storage.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

test('H4: what waited for a database that was away goes out within four seconds of its return, however long that was', async () => {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValue(0.999)
  let isAway = true
  const outbox = createOutbox({
    slots: createSlots('test:', createMemoryStorage()),
    slot: 'outbox',
    async deliver() {
      if (isAway) throw new ParleyError('SERVICE_UNAVAILABLE', 'The database is away.', { retryable: true })
      return {} as Message
    },
    maySend: () => true,
    isShown: () => true,
    onChange() {},
  })
  outbox.add({ content: 'Hello?', attachments: [], context: undefined })
  await vi.advanceTimersByTimeAsync(75_000)
  expect(outbox.items).toMatchObject([{ status: 'pending' }])
  isAway = false
  await vi.advanceTimersByTimeAsync(4000)
  expect(outbox.items).toEqual([])
})
