import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { createReader } from '../../server/ingest/reader.ts'
import { hasBrowser } from '../fixtures/browser.ts'
import { docxOf, pptxOf, xlsxOf } from '../fixtures/documents/office.ts'
import { pdfOf } from '../fixtures/documents/pdf.ts'
import { adminPassword, startServer, type TestServer } from '../fixtures/harness.ts'
import { visitors, write } from '../fixtures/widget.ts'

describe.runIf(hasBrowser)('documents in a browser', () => {
  let server: TestServer
  const { blank, visit, errors } = visitors(() => server.url)
  beforeAll(async () => {
    server = await startServer({ demoShop: false })
  }, 60_000)

  async function drop(page: Page, files: Record<string, Uint8Array>): Promise<void> {
    const encoded = Object.entries(files).map(([name, bytes]) => [
      name,
      Buffer.from(bytes).toString('base64'),
    ])
    const transfer = await page.evaluateHandle(given => {
      const transfer = new DataTransfer()
      for (const [name, base64] of given)
        transfer.items.add(new File([Uint8Array.from(atob(base64!), sign => sign.charCodeAt(0))], name!))
      return transfer
    }, encoded)
    await page.locator('.drop').dispatchEvent('drop', { dataTransfer: transfer })
  }

  test('five files are dropped: four can be cited by their place, one says what is wrong and can be dismissed', async () => {
    const page = await blank()
    page.setDefaultTimeout(60_000)
    page.on('pageerror', error => errors.push(String(error)))
    await page.goto(`${server.url}/console`)
    await page.getByLabel(/user name/i).fill('admin')
    await page.locator('input[type=password]').fill(adminPassword)
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'Documents' }).first().click()
    await page.getByRole('heading', { name: 'Documents', level: 1 }).waitFor()
    await drop(page, {
      'Lamp handbook.pdf': await pdfOf(pdf => {
        pdf.text('Wipe the shade with a dry cloth.')
        pdf.addPage().text('The battery lasts nine hours and is charged within ninety minutes.')
      }),
      'Prices.xlsx': await xlsxOf({
        Shades: [
          ['Article', 'Price'],
          ['Linen shade', '49 EUR'],
        ],
      }),
      'Terms.docx': await docxOf([{ heading: 'Gift wrapping' }, { text: 'Gift wrapping costs four euros.' }]),
      'Training.pptx': await pptxOf([{ title: 'Repairs', points: ['Repairs take ten working days.'] }]),
      'Contract.pdf': await pdfOf(pdf => pdf.text('secret'), { password: 'x' }),
    })
    const refused = page.locator('.uploads li').filter({ hasText: 'Contract.pdf' })
    await refused.getByText('The file is protected by a password.').waitFor()
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await refused.waitFor({ state: 'detached' })
    for (const name of ['Lamp handbook', 'Prices', 'Gift wrapping', 'Training'])
      await page.getByRole('row', { name }).getByText('Ready').waitFor()
    expect(await page.getByRole('row').count()).toBe(5)
    await page.getByRole('button', { name: 'Lamp handbook' }).first().click()
    const read = page.locator('dialog .passages li').filter({ hasText: 'Pages 1–2' })
    await read.getByText('The battery lasts nine hours').waitFor()
    await page.getByRole('button', { name: 'Close' }).click()

    const visitor = await visit()
    await write(visitor, 'How long does the battery last?')
    const answer = visitor.locator('.message.assistant').last()
    await answer.locator('.actions').waitFor()
    await answer.locator('.sources').getByRole('button', { name: 'Lamp handbook · page 2' }).click()
    await answer.getByText('The battery lasts nine hours').last().waitFor()
    expect(errors).toEqual([])
    await Promise.all([page, visitor].map(each => each.context().close()))
  }, 120_000)

  test('a page printed by a browser is read as it stands there: columns, Chinese, a table, a list, without headers and footers', async () => {
    const page = await blank()
    const columns = Array.from({ length: 6 }, (_, at) => `Paragraph ${at}: ${care}`)
    const rows = ['LT-1 199 2.5', 'LT-2 299 3.1']
      .map(row => `<tr><td>${row.replaceAll(' ', '<td>')}</tr>`)
      .join('')
    await page.setContent(
      `<html lang=en><style>.c { column-count: 2; text-align: justify }</style><h1>How to look after lamps</h1>
       <div class=c>${columns.map(text => `<p>${text}</p>`).join('')}</div>
       <h2 style="break-before: page">保修条款</h2><p>${warranty}</p>
       <table><tr><th>型号<th>价格<th>重量</tr>${rows}</table><ul><li>first item<li>second item</ul>`,
    )
    const print = await page.pdf({
      tagged: true,
      displayHeaderFooter: true,
      headerTemplate: '<div style="font-size: 9px">Lamp works</div>',
      footerTemplate:
        '<div style="font-size: 9px"><span class=pageNumber></span> / <span class=totalPages></span></div>',
      margin: { top: '2.5cm', bottom: '2.5cm', left: '2cm', right: '2cm' },
    })
    await page.context().close()
    const reader = createReader()
    const { title, sections } = await reader.read({ name: 'lamps.pdf', mime: '', bytes: print })
    reader.close()
    expect(title).toBe('How to look after lamps')
    expect(JSON.parse(sections)).toEqual([
      { heading: [], text: columns.join('\n'), place: { unit: 'page', at: [1, 1, 1, 1, 1, 1] } },
      {
        heading: ['保修条款'],
        text: `${warranty}\n型号: LT-1; 价格: 199; 重量: 2.5\n型号: LT-2; 价格: 299; 重量: 3.1\nfirst item\nsecond item`,
        place: { unit: 'page', at: [2, 2, 2, 2, 2] },
      },
    ])
  })
})

const care =
  'Before the first use, remove the transport protection and let the battery charge for six hours; the light turns green when it is full. Do not open the housing while it is connected to the mains.'
const warranty =
  '本产品自购买之日起享有两年保修服务，保修范围包括灯泡与开关，但不包括灯罩。若产品在保修期内出现质量问题，请携带购买凭证前往就近的服务网点办理维修手续，网点名单请见本公司网站。'
