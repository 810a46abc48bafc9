import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { TOTP } from 'otpauth'
import type { Page } from 'playwright-core'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from '../fixtures/browser.ts'
import { desks } from '../fixtures/desk.ts'
import { code, startServer, type TestServer } from '../fixtures/harness.ts'

const password = 'a desk of their own'
/** Eight pixels by four. */
const picture =
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAECAIAAAA8r+mnAAAAEUlEQVR4nGM4EaCBFTFQTwIA5M0oATp8j7wAAAAASUVORK5CYII='

describe.runIf(hasBrowser)('the console', { timeout: 120_000 }, () => {
  let server: TestServer
  let owner: string
  let smtp: SMTPServer
  /** Everything the mail server took. */
  const mails: string[] = []
  const staff = desks(() => server.url)
  beforeAll(async () => {
    smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      async onData(stream, _session, done) {
        const chunks = await stream.toArray()
        // Quoted-printable: lines that were folded, and signs that were written as numbers.
        mails.push(
          Buffer.concat(chunks)
            .toString()
            .replaceAll('=\r\n', '')
            .replaceAll(/=([0-9A-F]{2})/g, (_sign, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
        )
        done()
      },
    })
    smtp.listen(0, '127.0.0.1')
    await once(smtp.server, 'listening')
    const { port } = smtp.server.address() as AddressInfo
    server = await startServer({ smtpUrl: `smtp://127.0.0.1:${port}`, mailFrom: 'Shop <chat@shop.example>' })
    owner = await server.signIn()
  }, 60_000)
  afterAll(() => new Promise<void>(resolve => smtp.close(resolve)))
  afterAll(() => expect(staff.errors.filter(text => !/status of 4\d\d/.test(text))).toEqual([]))

  const notice = (page: Page, text: string | RegExp) => page.locator('.toasts').getByText(text).waitFor()

  /** The link of the newest mail to that address, as this server is reached here. */
  async function mailedLink(address: string): Promise<string> {
    const to = () => mails.findLast(mail => mail.includes(`To: ${address}`))
    await expect.poll(to, { timeout: 15_000 }).toBeDefined()
    const [, fragment] = /\/console(#\/new-password\S+)/.exec(to()!)!
    return `${server.url}/console${fragment}`
  }

  async function signIn(page: Page, username: string, secret: string): Promise<void> {
    await page.locator('input[name=username]').fill(username)
    await page.locator('input[name=password]').fill(secret)
    await page.keyboard.press('Enter')
  }

  test('an invitation’s link opens the page that sets a password and leads in; its code stays in no address, and works once', async () => {
    const account = { username: 'grace', email: 'grace@shop.example', name: 'Grace', role: 'agent' }
    const { reply } = await server.http('POST', '/admin/users', account, owner)
    expect(reply).toMatchObject({ data: { invitation: { by_mail: true, code: null, link: null } } })
    const link = await mailedLink(account.email)
    const page = await staff.stranger()
    await page.goto(link)
    await page.getByText('For grace@shop.example').waitFor()
    expect(page.url()).toBe(`${server.url}/console#/`)
    await page.getByLabel('New password').fill('short')
    await page.keyboard.press('Enter')
    expect(await page.locator('.rail').count()).toBe(0)
    await page.getByLabel('New password').fill('a password of her own')
    await page.keyboard.press('Enter')
    await page.locator('.rail').waitFor()
    await page.getByRole('link', { name: 'Your account (Grace)' }).waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.goto(link)
    await page.getByLabel('New password').fill('another password of hers')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('That code isn’t right').waitFor()
    await page.context().close()
  })

  test('who forgot the password asks for a link at the sign-in, in another tab of somebody else too', async () => {
    await staff.hire('mel')
    const page = await staff.stranger()
    await page.goto(`${server.url}/console`)
    await page.getByRole('button', { name: 'Forgotten password?' }).click()
    await page.getByLabel('E-mail').fill('mel@staff.example')
    await page.getByRole('button', { name: 'E-mail me a code' }).click()
    await page.getByText('a code is on its way').waitFor()
    const link = await mailedLink('mel@staff.example')
    await staff.hire('ned')
    const other = await staff.sitDown('ned')
    await other.goto(link)
    await other.getByText('For mel@staff.example').waitFor()
    await other.getByLabel('New password').fill('a newer desk of mine')
    await other.keyboard.press('Enter')
    await other.getByRole('link', { name: 'Your account (mel)' }).waitFor()
    await Promise.all([page, other].map(each => each.context().close()))
  })

  test('an agent gives themselves a name and a picture, which the visitor they serve sees at once', async () => {
    const ida = await staff.atDesk('ida')
    await ida.getByRole('link', { name: 'Your account' }).click()
    await ida.getByLabel('Name', { exact: true }).fill('Ida B.')
    await ida.getByRole('button', { name: 'Save' }).click()
    await notice(ida, 'Saved.')
    await ida.getByRole('link', { name: 'Your account (Ida B.)' }).waitFor()
    await ida.locator('input[type=file]').setInputFiles({
      name: 'me.png',
      mimeType: 'image/png',
      buffer: Buffer.from(picture, 'base64'),
    })
    const face = ida.locator('.picture-field .avatar img')
    await expect
      .poll(() => face.evaluate(image => (image as HTMLImageElement).naturalWidth), { timeout: 10_000 })
      .toBe(256)
    const visitor = await server.connect()
    const { conversation } = await visitor.ask('conversation:open', { new: true, key: 'one' })
    const of = { conversation_id: conversation.id, key: 'two' }
    const { handoff } = await visitor.ask('handoff:request', of)
    const token = await staff.tokenOf('ida')
    const desk = await server.connect({ namespace: 'agent', token })
    await desk.ask('handoff:accept', { handoff_id: handoff.id, key: 'three' })
    const { conversation: taken } = await visitor.ask('conversation:open', of)
    expect(taken.agent?.name).toBe('Ida B.')
    const response = await fetch(server.url + taken.agent!.avatar_url)
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      expect.stringMatching(/^image\/(webp|png)$/),
    ])
    await ida.getByRole('button', { name: 'Remove picture' }).click()
    await face.waitFor({ state: 'detached' })
    expect((await fetch(server.url + taken.agent!.avatar_url)).status).toBe(404)
    await desk.ask('handoff:complete', { handoff_id: handoff.id, key: 'four' })
    await ida.context().close()
  })

  test('a file that is no picture is refused in words, and nothing above a megabyte is taken', async () => {
    const { tokenOf, hire } = staff
    await hire('pia')
    const send = async (bytes: Uint8Array<ArrayBuffer>) => {
      const form = new FormData()
      form.append('file', new File([bytes], 'me.png', { type: 'image/png' }))
      return code((await server.http('POST', '/auth/profile/picture', form, await tokenOf('pia'))).reply)
    }
    expect(await send(Uint8Array.from('<svg onload=alert(1)>', sign => sign.charCodeAt(0)))).toBe(
      'UNSUPPORTED_MEDIA_TYPE',
    )
    expect(await send(new Uint8Array(1024 * 1024 + 1).fill(0xff))).toBe('PAYLOAD_TOO_LARGE')
    const pia = await staff.sitDown('pia')
    await pia.goto(`${server.url}/console#/profile`)
    await pia.locator('.picture-field').waitFor()
    await pia.locator('input[type=file]').setInputFiles({
      name: 'me.png',
      mimeType: 'image/png',
      buffer: Buffer.from('no picture'),
    })
    await notice(pia, 'isn’t a picture')
    await pia.context().close()
  })

  test('a new password needs the old one, keeps this tab and its desk, and ends the others', async () => {
    const joy = await staff.atDesk('joy')
    const elsewhere = await staff.sitDown('joy')
    await joy.getByRole('link', { name: 'Your account' }).click()
    await joy.getByLabel('Current password').fill('not the one')
    await joy.getByLabel('New password').fill('the next password')
    await joy.keyboard.press('Enter')
    await joy.getByRole('alert').getByText('isn’t your current password').waitFor()
    await joy.getByLabel('Current password').fill(password)
    await joy.keyboard.press('Enter')
    await notice(joy, 'Your password was changed.')
    await elsewhere.getByText('Your session has ended').waitFor()
    await joy.getByRole('button', { name: /^Online$/ }).waitFor()
    await signIn(elsewhere, 'joy', 'the next password')
    await elsewhere.locator('.rail').waitFor()
    await Promise.all([joy, elsewhere].map(each => each.context().close()))
  })

  test('two-step verification is set up with an app, asked for at the sign-in, survives a lost phone by a recovery code, and is turned off', async () => {
    await staff.hire('kay')
    const kay = await staff.sitDown('kay')
    await kay.goto(`${server.url}/console#/profile`)
    await kay.getByRole('button', { name: 'Set up' }).click()
    const dialog = kay.getByRole('dialog')
    await dialog.getByRole('img', { name: 'QR code' }).waitFor()
    const [, secret] = /app: (\w+)/.exec((await dialog.locator('.secret').textContent())!)!
    await dialog.getByLabel('Six-digit code').fill('000000')
    await kay.keyboard.press('Enter')
    await dialog.getByRole('alert').getByText('isn’t right').waitFor()
    const totp = new TOTP({ secret })
    await dialog.getByLabel('Six-digit code').fill(totp.generate())
    await kay.keyboard.press('Enter')
    await kay.getByText('Save your recovery codes').waitFor()
    const codes = await kay.locator('.recovery-codes code').allTextContents()
    expect(codes).toHaveLength(10)
    const download = kay.waitForEvent('download')
    await kay.getByRole('button', { name: 'Download', exact: true }).click()
    expect((await download).suggestedFilename()).toBe('parley-recovery-codes.txt')
    await kay.getByRole('button', { name: 'I’ve saved them' }).click()
    await kay.getByText('10 of 10 recovery codes left').waitFor()
    expect(await kay.evaluate(() => document.activeElement?.tagName)).not.toBe('BODY')

    await kay.getByRole('button', { name: 'Sign out' }).click()
    await signIn(kay, 'kay', password)
    await kay.locator('input[name=otp]').fill(codes[0]!)
    await kay.keyboard.press('Enter')
    await kay.locator('.rail').waitFor()
    await kay.goto(`${server.url}/console#/profile`)
    await kay.getByText('9 of 10 recovery codes left').waitFor()
    await kay.getByRole('button', { name: 'Turn off' }).click()
    await dialog.getByLabel('Password').fill(password)
    await dialog.getByLabel('Code from the app').fill(codes[1]!)
    await kay.keyboard.press('Enter')
    await kay.getByText('Your session has ended').waitFor()
    await signIn(kay, 'kay', password)
    await kay.locator('.rail').waitFor()
    await kay.context().close()
  })

  test('somebody downloads what is held on them, and erases their account', async () => {
    await staff.hire('gus')
    const gus = await staff.sitDown('gus')
    await gus.goto(`${server.url}/console#/profile`)
    const download = gus.waitForEvent('download')
    await gus.getByRole('button', { name: 'Download my data' }).click()
    expect((await download).suggestedFilename()).toBe('parley-my-data.tar.gz')
    await gus.getByRole('button', { name: 'Erase my account' }).click()
    const dialog = gus.getByRole('dialog')
    await dialog.getByLabel('Type erase to confirm').fill('erase')
    await dialog.getByRole('button', { name: 'Erase' }).click()
    await gus.getByText('Your session has ended').waitFor()
    await signIn(gus, 'gus', password)
    await gus.getByRole('alert').getByText(/wrong/).waitFor()
    await gus.context().close()
  })

  test('a visitor who left only an address is found by it; everything on them is handed over, and erased with a reason', async () => {
    const visitor = await server.connect()
    const { conversation } = await visitor.ask('conversation:open', { new: true, key: 'left' })
    const left = { conversation_id: conversation.id, email: 'wants.out@mail.example', phone: '+49 30 901820' }
    await visitor.ask('handoff:contact', left)
    await staff.hire('lou', 'admin')
    const lou = await staff.sitDown('lou')
    await lou.goto(`${server.url}/console#/privacy`)
    const search = lou.getByRole('searchbox')
    await search.fill('nobody.at.all')
    await lou.getByText('No one found').waitFor()
    await search.fill('WANTS.OUT@')
    const row = lou.getByRole('row', { name: /wants\.out@mail\.example/ })
    await row.waitFor()
    const download = lou.waitForEvent('download')
    await row.getByRole('button', { name: /^Export/ }).click()
    expect((await download).suggestedFilename()).toMatch(/^parley-.*\.tar\.gz$/)
    await row.getByRole('button', { name: /^Erase/ }).click()
    const dialog = lou.getByRole('dialog')
    await dialog.getByLabel('Reason').fill('Asked by mail')
    await dialog.getByRole('button', { name: 'Erase' }).click()
    await notice(lou, /was erased/)
    await lou.getByText('No one found').waitFor()
    const { reply } = await server.http('GET', '/admin/logs?action=privacy:erase', undefined, owner)
    expect(reply).toMatchObject({
      data: {
        items: expect.arrayContaining([expect.objectContaining({ after: { reason: 'Asked by mail' } })]),
      },
    })
    await lou.context().close()
  })

  test('the consent text takes a link and is shown as visitors see it; only then it can be required; days and masking are kept', async () => {
    await staff.hire('mia', 'admin')
    const mia = await staff.sitDown('mia')
    await mia.goto(`${server.url}/console#/privacy`)
    await mia.getByLabel('Ask visitors for consent first').check()
    await mia.getByLabel('Text in English').fill('We read our [policy](https://shop.example/privacy).')
    const link = mia.locator('.consent-preview').getByRole('link', { name: 'policy' })
    expect(await link.getAttribute('href')).toBe('https://shop.example/privacy')
    await mia.getByRole('button', { name: 'Save' }).click()
    // Chinese visitors would have nothing to agree to.
    expect(await mia.locator('textarea:invalid').count()).toBe(1)
    await mia.getByLabel('Text in Chinese').fill('请阅读我们的[政策](https://shop.example/privacy)。')
    await mia.getByLabel('Mail (days)').fill('')
    await mia.getByLabel('Conversations (days)').fill('90')
    await mia.getByLabel('Hide personal details').check()
    await mia.getByRole('button', { name: 'Save' }).click()
    await notice(mia, 'Saved.')
    const { reply } = await server.http('GET', '/admin/privacy', undefined, owner)
    expect(reply).toMatchObject({
      data: {
        settings: {
          consent: { required: true, text: { en: 'We read our [policy](https://shop.example/privacy).' } },
          retention_days: { conversations: 90, mail: null, audit: 365 },
          mask_for_models: true,
        },
      },
    })
    const { ready } = await server.connect()
    expect(ready.features.consent?.text).toMatchObject({ en: expect.stringContaining('[policy]') })
    await mia.getByLabel('Ask visitors for consent first').uncheck()
    await mia.getByRole('button', { name: 'Save' }).click()
    await expect
      .poll(async () => (await server.connect()).ready.features.consent, { timeout: 10_000 })
      .toBeFalsy()
    await mia.context().close()
  })

  test('the site’s secret is shown when asked for, and changed while the one before still holds', async () => {
    await staff.hire('eva', 'admin')
    const eva = await staff.sitDown('eva')
    await eva.goto(`${server.url}/console#/identity`)
    const shown = eva.locator('.secret-field code')
    expect(await shown.textContent()).toMatch(/^•+$/)
    await eva.getByRole('button', { name: 'Show secret' }).click()
    await eva.getByRole('button', { name: 'Hide secret' }).waitFor()
    const secret = (await shown.textContent())!
    const { parleyUser } = await snippet(eva, 'Node.js')
    const user = (key: string) => {
      process.env.PARLEY_IDENTITY_SECRET = key
      return parleyUser({ id: 'c-7', email: 'zoe@mail.example', name: 'Zoë' })
    }
    const known = await server.connect({ auth: { identity: user(secret) } })
    expect(known.ready.session.user?.name).toBe('Zoë')
    await eva.getByRole('button', { name: 'Create a new secret' }).click()
    await eva.getByRole('dialog').getByRole('button', { name: 'Create a new secret' }).click()
    await eva.getByText('previous secret still works').waitFor()
    const next = (await shown.textContent())!
    expect(next).not.toBe(secret)
    for (const key of [secret, next]) await server.connect({ auth: { identity: user(key) } })
    await expect(server.connect({ auth: { identity: user('guessed') } })).rejects.toThrow()
    await eva.context().close()
  })

  /** What the page shows for that language, as a module. */
  async function snippet(page: Page, language: string) {
    await page.getByLabel(language, { exact: true }).check({ force: true })
    const source = (await page.locator('.snippet pre').first().textContent())!
    const module = await import(`data:text/javascript,${encodeURIComponent(source)}`)
    return module as {
      parleyUser(customer: { id: string; email: string; name: string }): {
        id: string
        email: string
        name: string
        expires_at: string
        hash: string
      }
    }
  }

  test('what is typed into the widget’s look stays where it is typed, while the preview follows', async () => {
    await staff.hire('zoe', 'admin')
    const zoe = await staff.sitDown('zoe')
    await zoe.goto(`${server.url}/console#/widget`)
    const frame = zoe.frameLocator('.widget-preview iframe')
    await frame.locator('.panel').waitFor()
    const title = zoe.getByLabel('Title (English)')
    await title.click()
    for (const part of ['Ask', ' Fern', 'wood']) {
      await zoe.keyboard.type(part)
      // Each stands still for long enough to be shown.
      const shown = () =>
        zoe
          .frames()
          .at(-1)!
          .evaluate(() => (window as any).ParleySite?.title.en)
      await expect.poll(shown, { timeout: 10_000 }).toBe((await title.inputValue()).trim())
    }
    expect(await title.inputValue()).toBe('Ask Fernwood')
    await zoe.getByLabel('Corner').selectOption('left')
    await zoe.getByRole('button', { name: 'Save' }).click()
    await notice(zoe, 'Saved.')
    const { reply } = await server.http('GET', '/admin/widget', undefined, owner)
    expect(reply).toMatchObject({
      data: { settings: { title: { en: 'Ask Fernwood', zh: '' }, side: 'left', color: null } },
    })
    await zoe.context().close()
  })

  test('a test mail goes out from the page that says how mail is sent, and its failure is told in the server’s words', async () => {
    await staff.hire('fay', 'admin')
    const fay = await staff.sitDown('fay')
    await fay.goto(`${server.url}/console#/mail`)
    await fay.getByText(/Mail is sent through 127\.0\.0\.1:\d+, from Shop <chat@shop\.example>/).waitFor()
    await fay.getByLabel('Your e-mail address').fill('fay@home.example')
    await fay.getByRole('button', { name: 'Send a test' }).click()
    await fay.getByRole('status').getByText('Sent').waitFor()
    expect(mails.at(-1)).toContain('To: fay@home.example')
    smtp.onMailFrom = (_address, _session, done) => done(new Error('no room here'))
    await fay.getByRole('button', { name: 'Send a test' }).click()
    await fay
      .getByRole('status')
      .getByText(/no room here/)
      .waitFor()
    smtp.onMailFrom = (_address, _session, done) => done()
    await fay.context().close()
  })
})
