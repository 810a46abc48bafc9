import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { differenceOf } from '../../server/areas/shop/knowledge/difference.ts'
import { call, file, type Knowledge, openKnowledge } from '../fixtures/knowledge.ts'

let knowledge: Knowledge
beforeAll(async () => {
  knowledge = await openKnowledge()
})
beforeEach(() => knowledge.clear())
afterAll(() => knowledge.close())

const first = '# Returns\n\nYou may return a kettle within 30 days.\n\nA return costs nothing.'
const second = '# Returns\n\nYou may return a kettle within 14 days.\n\nA return costs nothing.'

async function openDocument() {
  const area = knowledge.area()
  const { handlers } = area
  const { doc_id } = await handlers['document:upload']({ file: file('returns.md', first) }, call)
  await area.drain()
  const texts = async () =>
    (await area.searchPassages({ query: 'return a kettle within days', source: 'document', limit: 5 })).map(
      ({ text }) => text,
    )
  return { area, handlers, doc_id, texts, replaced: file('returns-2027.md', second) }
}

describe('versions of a document', () => {
  test('one that is replaced keeps its title, tags and days, answers by the old until the new is indexed, and can be restored', async () => {
    const { area, handlers, doc_id, texts, replaced } = await openDocument()
    await handlers['document:update']({ doc_id, tags: ['policy'], valid_until: '2099-12-31' }, call)
    const { document } = await handlers['document:replace']({ doc_id, file: replaced }, call)
    expect(document).toMatchObject({
      doc_id,
      name: 'returns-2027.md',
      title: 'Returns',
      tags: ['policy'],
      valid_until: '2099-12-31',
      status: 'building',
    })
    expect((await texts()).join()).toContain('30 days')
    await area.drain()
    expect((await texts()).join()).toContain('14 days')
    expect((await texts()).join()).not.toContain('30 days')

    expect(await handlers['document:versions']({ doc_id }, call)).toMatchObject({
      versions: [
        { version: 2, name: 'returns-2027.md', is_current: true },
        { version: 1, name: 'returns.md', is_current: false },
      ],
    })
    expect(await handlers['document:compare']({ doc_id, version: 1 }, call)).toEqual({
      changes: [
        { kind: 'removed', heading: [], text: 'You may return a kettle within 30 days.' },
        { kind: 'added', heading: [], text: 'You may return a kettle within 14 days.' },
      ],
      more: 0,
    })

    await handlers['document:restore']({ doc_id, version: 1 }, call)
    await area.drain()
    expect((await texts()).join()).toContain('30 days')
    const { versions } = await handlers['document:versions']({ doc_id }, call)
    expect(versions.map(({ version, name }) => [version, name])).toEqual([
      [3, 'returns.md'],
      [2, 'returns-2027.md'],
      [1, 'returns.md'],
    ])
    const { stored, counted } = await knowledge.statistics()
    expect(stored).toBe(counted)
  })

  test('the same file again is no version; what cannot be read, and what is not there, changes nothing', async () => {
    const { handlers, doc_id } = await openDocument()
    await handlers['document:replace']({ doc_id, file: file('returns.md', first) }, call)
    await expect(
      handlers['document:replace']({ doc_id, file: file('a.pdf', 'no PDF') }, call),
    ).rejects.toMatchObject({ code: 'UNPROCESSABLE_FILE' })
    await expect(handlers['document:restore']({ doc_id, version: 7 }, call)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    expect(await handlers['document:versions']({ doc_id }, call)).toMatchObject({
      versions: [{ version: 1, is_current: true }],
    })
  })

  test('twenty before the one that is used are kept, and all go with the document', async () => {
    const { handlers, doc_id } = await openDocument()
    for (let number = 0; number < 24; number++)
      await handlers['document:replace']({ doc_id, file: file('n.txt', `Open from ${number} on.`) }, call)
    const { versions } = await handlers['document:versions']({ doc_id }, call)
    expect(versions.map(({ version }) => version)).toEqual(Array.from({ length: 21 }, (_, at) => 25 - at))
    await handlers['document:restore']({ doc_id, version: 5 }, call)
    await handlers['document:delete']({ doc_id }, call)
    expect(await knowledge.database.sql`select 1 from document_versions`).toHaveLength(0)
  })
})

test('a difference of very long texts is told without regard to order', () => {
  const lines = (letter: string) => Array.from({ length: 3000 }, (_, at) => `${letter} ${at}`).join('\n')
  const changes = differenceOf([{ heading: [], text: lines('a') }], [{ heading: [], text: lines('b') }])
  expect(changes).toHaveLength(6000)
  expect(changes[0]).toEqual({ kind: 'removed', heading: [], text: 'a 0' })
})
