import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createMemoryStorage, createSlots } from '../../client/sdk/storage.ts'
import { createFiles } from '../../client/ui/files.ts'

/** Requests that nobody answers before the test does. */
class Upload {
  static all: Upload[] = []
  upload: { onprogress?: unknown } = {}
  onload = () => {}
  onerror = () => {}
  responseText = JSON.stringify({
    success: true,
    data: { attachment: { id: 'file', name: 'a.txt', mime: 'text/plain', bytes: 1 } },
  })
  isAborted = false
  open() {}
  setRequestHeader() {}
  send() {
    Upload.all.push(this)
  }
  abort() {
    this.isAborted = true
  }
}

beforeEach(() => {
  Upload.all = []
  vi.stubGlobal('XMLHttpRequest', Upload)
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function pick({ online }: { online: Promise<void> }) {
  const client = {
    access: { url: '', token: () => null },
    state: { session: null },
    online: () => online,
  } as unknown as Parameters<typeof createFiles>[0]
  const slots = createSlots('', createMemoryStorage())
  const files = createFiles(client, slots)
  files.add([new File(['a'], 'a.txt')])
  return { files, slots }
}

describe('files that are stopped, as another person takes the place', () => {
  test('what is on its way is given up, and nothing of it is written into what is theirs', async () => {
    const { files, slots } = pick({ online: Promise.resolve() })
    await vi.advanceTimersByTimeAsync(0)
    files.stop()
    slots.write('files', null)
    const [upload] = Upload.all
    expect(upload?.isAborted).toBe(true)
    upload?.onload()
    files.add([new File(['b'], 'b.txt')])
    files.take()
    expect(slots.read('files')).toBeNull()
  })

  test('what waits for a connection, or to be sent again, is not sent', async () => {
    const { promise: online, resolve: connect } = Promise.withResolvers<void>()
    const waiting = pick({ online })
    waiting.files.stop()
    connect()
    const broken = pick({ online: Promise.resolve() })
    await vi.advanceTimersByTimeAsync(0)
    expect(Upload.all).toHaveLength(1)
    Upload.all[0]?.onerror()
    broken.files.stop()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(Upload.all).toHaveLength(1)
  })
})

test('files that find no room are left out, which is said until another change; all that do are one change', () => {
  const { files } = pick({ online: new Promise(() => {}) })
  let changes = 0
  files.subscribe(() => changes++)
  files.add(['1', '2', '3', '4', '5', '6'].map(name => new File(['a'], name)))
  expect([files.get().length, files.hasRoom(), files.hasLeftOut(), changes]).toEqual([5, false, true, 1])
  files.add([])
  expect(files.hasLeftOut()).toBe(true)
  files.remove(files.get()[0]!.key)
  expect([files.get().length, files.hasLeftOut()]).toEqual([4, false])
})
