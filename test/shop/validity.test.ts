import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createCitationFilter } from '../../server/answering/retrieval/citation/filter.ts'
import { ask } from '../fixtures/catalogue.ts'
import { evidence } from '../fixtures/evidence.ts'
import { call, file, type Knowledge, openKnowledge } from '../fixtures/knowledge.ts'

let knowledge: Knowledge
beforeAll(async () => {
  knowledge = await openKnowledge()
})
beforeEach(() => knowledge.clear())
afterAll(() => knowledge.close())

const summer = 'In summer a return of a kettle costs nothing at all.'

async function openArea(timeZone: string) {
  let now = Date.parse('2027-01-10T12:00:00Z')
  const area = knowledge.area({ clock: () => now, timeZone: async () => timeZone })
  const { doc_id } = await area.handlers['document:upload']({ file: file('summer.txt', summer) }, call)
  await area.handlers['document:upload'](
    { file: file('fees.txt', 'The fee for a return of a kettle is 4 EUR.') },
    call,
  )
  await area.drain()
  const question = ask('What does a return of a kettle cost?')
  return {
    doc_id,
    update: (changes: object) => area.handlers['document:update']({ doc_id, ...changes }, call),
    state: async () => (await area.handlers['document:get']({ doc_id }, call)).validity,
    found: async () => (await area.findEvidence(question, 5)).map(({ source_id }) => source_id),
    find: () => area.findEvidence(question, 5),
    list: (search: string) => area.handlers['document:list']({ page: 1, page_size: 20, search }, call),
    moveTo(time: string) {
      now = Date.parse(time)
    },
  }
}

describe('days on which a document may be cited', () => {
  test('after its last day, by the calendar of the shop, no answer is taken from it', async () => {
    const { doc_id, update, state, found, find, moveTo } = await openArea('Asia/Shanghai')
    expect(await state()).toBe('valid')
    expect(await found()).toContain(doc_id)
    const { document } = await update({ valid_until: '2027-01-31' })
    expect(document).toMatchObject({ valid_from: null, valid_until: '2027-01-31', validity: 'valid' })
    moveTo('2027-01-20T12:00:00Z')
    expect(await state()).toBe('ending')
    // Midnight in Shanghai is 16:00 UTC.
    const end = '2027-01-31T16:00:00Z'
    const [first] = (await find()).filter(({ source_id }) => source_id === doc_id)
    expect(first!.ends_at).toBe(Date.parse(end))
    moveTo('2027-01-31T15:59:59Z')
    expect(await found()).toContain(doc_id)
    moveTo(end)
    expect(await state()).toBe('expired')
    expect(await found()).not.toContain(doc_id)
    expect(await found()).toHaveLength(1)
    await update({ valid_until: null })
    expect(await found()).toContain(doc_id)
  })

  test('before its first day it is not found either, and it cannot end before it begins', async () => {
    const { doc_id, update, state, found, moveTo } = await openArea('America/New_York')
    await update({ valid_from: '2027-03-14' })
    expect(await state()).toBe('upcoming')
    expect(await found()).not.toContain(doc_id)
    await expect(update({ valid_until: '2027-03-13' })).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      details: [{ field: 'valid_until' }],
    })
    moveTo('2027-03-14T05:00:00Z')
    expect(await found()).toContain(doc_id)
  })
})

test('tags and language are kept, and found by the search of the list', async () => {
  const { doc_id, update, list } = await openArea('UTC')
  await update({ tags: ['Seasonal', 'fees', 'fees'], language: 'zh' })
  const { items } = await list('season')
  expect(items).toEqual([expect.objectContaining({ doc_id, tags: ['Seasonal', 'fees'], language: 'zh' })])
})

test('law A1: what ends while an answer is written is cited no more', () => {
  const text = 'Returns are accepted within 30 days of delivery.'
  const written = (ends_at: number) => {
    const stream = createCitationFilter([{ ...evidence(text, { source_id: 'terms' }), ends_at }])
    return stream.push(`${text} [1]`) + stream.end()
  }
  expect(written(Date.now() + 60_000)).toBe(`${text} [1]`)
  expect(written(Date.now() - 1)).toBe(text)
})
