import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { markFormulas, splitParts } from '../../client/chat/rich-parts.ts'
import { createOpenAIModel } from '../../server/providers/openai.ts'
import { accessibilityViolations } from '../fixtures/axe.ts'
import { hasBrowser } from '../fixtures/browser.ts'
import { desks } from '../fixtures/desk.ts'
import { type ModelServer, startModelServer } from '../fixtures/fakes/model-server.ts'
import { startServer, type TestServer } from '../fixtures/harness.ts'

const answer = `The area is \\(\\pi r^2\\), for $5 or $6.

\`\`\`python
def area(r):
    return 3.14 * r ** 2  # roughly
\`\`\`

| r | area |
|---|---|
| 1 | 3.14 |

$$
\\int_0^1 x^2\\,dx = \\frac{1}{3}
$$
`

describe.runIf(hasBrowser)(
  'what an answer is made of, on the page of conversations',
  { timeout: 90_000 },
  () => {
    let host: ModelServer
    let server: TestServer
    const staff = desks(() => server.url)
    beforeAll(async () => {
      host = await startModelServer()
      const settings = { baseUrl: `${host.url}/v1`, apiKey: 'test-key-0123456789', model: 'test-model' }
      server = await startServer({}, { models: { chat: createOpenAIModel(settings) } })
      host.always({ pieces: answer.split(/(?<=\n)/) })
      await staff.hire('olga')
    }, 60_000)
    afterAll(async () => {
      expect(staff.errors).toEqual([])
      await host.close()
    })

    test('code is coloured, formulas are set, tables stand; Ctrl K finds a conversation and what may be done', async () => {
      const page = await staff.sitDown('olga', { colorScheme: 'dark' })
      await page.goto(`${server.url}/chat`)
      await page.locator('.composer textarea').fill('How large is a circle?')
      await page.keyboard.press('Enter')
      await page.locator('.message.assistant .message-tools').waitFor()
      await page.locator('.code .hljs-keyword', { hasText: 'def' }).waitFor()
      await page.locator('code.formula math').waitFor()
      await page.locator('.formula-block math').waitFor()
      expect(await page.locator('.text td').first().innerText()).toBe('1')
      expect(await page.locator('.prose').first().innerText()).toContain('$5 or $6')
      expect(await accessibilityViolations(page)).toEqual([])
      await page.keyboard.press('Control+k')
      const field = page.getByRole('combobox')
      await field.fill('pin')
      await page.getByRole('option', { name: 'Pin', exact: true }).waitFor()
      expect(await accessibilityViolations(page)).toEqual([])
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Pinned' }).waitFor()
      await page.keyboard.press('Control+k')
      await field.fill('new conv')
      await page.keyboard.press('Enter')
      await page.getByText('What would you like to know?').waitFor()
      await page.keyboard.press('Control+k')
      await field.fill('large is a circle')
      await page.getByRole('option', { name: 'How large is a circle?' }).waitFor()
      await page.keyboard.press('Enter')
      await page.locator('.message.assistant .code').waitFor()
      await page.context().close()
    })
  },
)

describe('parts of an answer', () => {
  test('code and formulas on lines of their own are cut out, also while they are on their way', () => {
    expect(splitParts(answer)).toEqual([
      { type: 'text', text: 'The area is \\(\\pi r^2\\), for $5 or $6.\n' },
      { type: 'code', language: 'python', text: 'def area(r):\n    return 3.14 * r ** 2  # roughly' },
      { type: 'text', text: '\n| r | area |\n|---|---|\n| 1 | 3.14 |\n' },
      { type: 'formula', text: '\\int_0^1 x^2\\,dx = \\frac{1}{3}' },
    ])
    expect(splitParts('See:\n```js\nlet a')).toEqual([
      { type: 'text', text: 'See:' },
      { type: 'code', language: 'js', text: 'let a' },
    ])
    expect(splitParts('\\[ x = 1 \\]\n~~~\nplain\n~~~')).toEqual([
      { type: 'formula', text: 'x = 1' },
      { type: 'code', language: '', text: 'plain' },
    ])
  })

  test('money is no formula, nor is what stands in code', () => {
    expect(markFormulas('from $5 to $6_000 and `$x^2$`')).toBe('from $5 to $6_000 and `$x^2$`')
    expect(markFormulas('so $x^2$ is')).toBe('so `\u2063x^2` is')
  })
})
