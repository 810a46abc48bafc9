import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEndingWarner } from '../../server/areas/shop/knowledge/warn.ts'
import { newId } from '../../server/core/ids.ts'
import { documentWarningStorage } from '../../storage/shop/document-warning.ts'
import { call, file, type Knowledge, openKnowledge } from '../fixtures/knowledge.ts'

let knowledge: Knowledge
beforeAll(async () => {
  knowledge = await openKnowledge()
})
afterAll(() => knowledge.close())

test('administrators are told once by mail, two weeks before the last day of a document, and again of another last day', async () => {
  let now = Date.parse('2027-01-01T12:00:00Z')
  const area = knowledge.area({ clock: () => now })
  const upload = async (name: string, text: string) =>
    (await area.handlers['document:upload']({ file: file(name, text) }, call)).doc_id
  const summer = await upload('summer.txt', 'In summer a return costs nothing at all.')
  await upload('fees.txt', 'The fee for a return is 4 EUR.')
  const update = (doc_id: string, valid_until: string) =>
    area.handlers['document:update']({ doc_id, valid_until }, call)
  await update(summer, '2027-01-31')

  const texts: string[] = []
  let woken = 0
  const warnOfEnding = createEndingWarner({
    warnings: documentWarningStorage(knowledge.database),
    mail: {
      seal({ to, subject, text, staff }) {
        texts.push(text)
        return { mail: { id: newId(), recipient: to, subject, body: text, staff } as never, status: 'kept' }
      },
      wake: () => woken++,
    },
    administrators: async () => ['ada@staff.example'],
    listEnding: async () => (await area.listOutdated()).ending,
    consoleUrl: 'https://shop.example/console#/documents',
  })
  const mails = async () => knowledge.database.sql`select subject from outbox order by id`

  await warnOfEnding()
  expect(await mails()).toEqual([])
  now = Date.parse('2027-01-20T12:00:00Z')
  await warnOfEnding()
  expect(texts[0]).toContain('- summer (2027-01-31)')
  expect(await mails()).toEqual([{ subject: 'A document is about to expire' }])
  expect(woken).toBe(1)
  await warnOfEnding()
  expect(await mails()).toHaveLength(1)
  await update(summer, '2027-01-25')
  await warnOfEnding()
  expect(await mails()).toHaveLength(2)
  now = Date.parse('2027-02-20T12:00:00Z')
  await warnOfEnding()
  expect(await mails()).toHaveLength(2)
  expect(await area.listOutdated()).toEqual({ ending: [], expired: [summer] })
  await area.stop()
})
