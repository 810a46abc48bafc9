import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessibilityViolations } from '../fixtures/axe.ts'
import { hasBrowser } from '../fixtures/browser.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'
import { visitors } from '../fixtures/widget.ts'

describe.runIf(hasBrowser)('the widget, looked at by axe', () => {
  let server: TestServer
  const { visit, errors } = visitors(() => server.url)
  beforeAll(async () => {
    server = await startServer({ demoShop: true })
  }, 60_000)
  afterAll(() => expect(errors).toEqual([]))

  test('finds nothing in the opened panel', async () => {
    const page = await visit()
    expect(await accessibilityViolations(page, 'parley-widget')).toEqual([])
  })
})
