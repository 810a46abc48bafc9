import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { call, file, type Knowledge, openKnowledge } from '../fixtures/knowledge.ts'

let knowledge: Knowledge
beforeAll(async () => {
  knowledge = await openKnowledge()
})
beforeEach(() => knowledge.clear())
afterAll(() => knowledge.close())

const returns = '# Returns\n\nYou may return a kettle within 30 days.\n\n## Fees\n\nA return costs nothing.'

describe('documents', () => {
  test('the index is building before the upload answers, ready after, and the document is found', async () => {
    const area = knowledge.area()
    const { doc_id } = await area.handlers['document:upload']({ file: file('returns.md', returns) }, call)
    expect(await area.handlers['index:status']({}, call)).toMatchObject({ status: 'building', progress: 0 })
    expect(await area.handlers['document:get']({ doc_id }, call)).toMatchObject({
      status: 'building',
      chunks: 0,
    })

    await area.drain()
    expect(await area.handlers['index:status']({}, call)).toMatchObject({ status: 'idle', progress: 1 })
    expect(await area.handlers['document:get']({ doc_id }, call)).toMatchObject({
      name: 'returns.md',
      title: 'Returns',
      mime: 'text/markdown',
      language: 'en',
      status: 'ready',
      chunks: 2,
      demo: false,
    })
    expect(knowledge.jobs.map(job => job.status)).toEqual(['running', 'done'])
    const [hit] = await area.searchPassages({
      query: 'what does a return cost',
      source: 'document',
      limit: 3,
    })
    expect(hit).toMatchObject({ source_id: doc_id, title: 'Returns › Fees', text: 'A return costs nothing.' })
  })

  test('the same file again is the document that is there', async () => {
    const area = knowledge.area()
    const first = await area.handlers['document:upload']({ file: file('a.txt', 'Open daily.') }, call)
    const again = await area.handlers['document:upload']({ file: file('a.txt', 'Open daily.') }, call)
    const other = await area.handlers['document:upload'](
      { file: file('a.txt', 'Open daily.'), title: 'B' },
      call,
    )
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
  })

  test('are listed newest first, searched literally, and gone with all that was indexed of them', async () => {
    const area = knowledge.area()
    const ids: string[] = []
    for (const name of ['one.txt', '100%.txt', 'three.txt'])
      ids.push((await area.addDocument(file(name, `Text of ${name}`))).id)
    await area.drain()
    const list = (search?: string) => area.handlers['document:list']({ page: 1, page_size: 2, search }, call)
    const all = await list()
    expect(all.items.map(item => item.doc_id)).toEqual([ids[2], ids[1]])
    expect(all.pagination).toMatchObject({ total: 3, total_pages: 2, has_next: true })
    expect((await list('%')).items.map(item => item.name)).toEqual(['100%.txt'])

    expect(await area.handlers['document:delete']({ doc_id: ids[0]! }, call)).toBeNull()
    await expect(area.handlers['document:delete']({ doc_id: ids[0]! }, call)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    const found = await area.searchPassages({ query: 'text of one', source: 'document', limit: 9 })
    expect(found.map(hit => hit.source_id)).not.toContain(ids[0])
    const { stored, counted } = await knowledge.statistics()
    expect(stored).toBe(counted)
  })

  test('what was read of one is shown in its order, passage by passage', async () => {
    const area = knowledge.area()
    const shown = (doc_id: string, page = 1) =>
      area.handlers['document:passages']({ doc_id, page, page_size: 1 }, call)
    const { doc_id } = await area.handlers['document:upload']({ file: file('returns.md', returns) }, call)
    await area.handlers['document:upload']({ file: file('other.txt', 'Open daily.') }, call)
    expect((await shown(doc_id)).items).toEqual([])
    await area.drain()
    expect(await shown(doc_id)).toMatchObject({
      items: [{ ordinal: 0, title: 'Returns', text: 'You may return a kettle within 30 days.', place: null }],
      pagination: { total: 2, has_next: true },
    })
    expect((await shown(doc_id, 2)).items).toMatchObject([{ ordinal: 1, title: 'Returns › Fees' }])
    const sheet = 'Article,Price\nLinen shade,49 EUR\nSilk shade,89 EUR'
    const priced = await area.handlers['document:upload']({ file: file('prices.csv', sheet) }, call)
    await area.drain()
    const { items } = await shown(priced.doc_id)
    expect(items[0]!.place).toEqual({ unit: 'row', from: 2, to: 3 })
    await expect(shown(crypto.randomUUID())).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('law S6: what is no file is refused by name and adds nothing', async () => {
    const area = knowledge.area()
    for (const bad of [undefined, null, 'text', {}, { name: 'a.txt', mime: '', bytes: 'text' }])
      await expect(area.handlers['document:upload']({ file: bad }, call)).rejects.toMatchObject({
        code: 'VALIDATION_ERROR',
      })
    expect((await area.handlers['document:list']({ page: 1, page_size: 20 }, call)).items).toEqual([])
  })

  test('a document of many passages is indexed in parts and ends complete', async () => {
    const area = knowledge.area()
    const paragraphs = Array.from(
      { length: 400 },
      (_, at) => `Paragraph ${at} says ${'something '.repeat(40)}.`,
    )
    const { id } = await area.addDocument(file('long.txt', paragraphs.join('\n\n')))
    await area.drain()
    const document = await area.handlers['document:get']({ doc_id: id }, call)
    expect(document.chunks).toBeGreaterThan(150)
    const [hit] = await area.searchPassages({ query: 'paragraph 399', source: 'document', limit: 1 })
    expect(hit!.text).toContain('Paragraph 399 ')
  })

  test('the owner’s first import removes the demo, here and elsewhere', async () => {
    const area = knowledge.area()
    const before = knowledge.demoRemoved()
    await area.addDocument(file('demo.md', 'Demo words.'), { demo: true })
    await area.drain()
    expect(knowledge.demoRemoved()).toBe(before)
    const { id } = await area.addDocument(file('own.md', 'Own words.'))
    await area.drain()
    expect(knowledge.demoRemoved()).toBe(before + 1)
    const { items } = await area.handlers['document:list']({ page: 1, page_size: 20 }, call)
    expect(items.map(item => item.doc_id)).toEqual([id])
    const hits = await area.searchPassages({ query: 'words', source: 'document', limit: 9 })
    expect(hits.map(hit => hit.source_id)).toEqual([id])
  })
})

describe('a folder', () => {
  test('is imported once; later starts take only what changed, and drop what is gone', async () => {
    const area = knowledge.area()
    const folder = await mkdtemp(join(tmpdir(), 'parley-docs-'))
    await writeFile(join(folder, 'a.md'), '# A\n\nFirst.')
    await writeFile(join(folder, 'b.txt'), 'Second thing.')
    await writeFile(join(folder, 'c.html'), '<p></p>')
    await writeFile(join(folder, 'film.mp4'), 'no')
    expect(await area.importFolder(folder)).toMatchObject({
      added: 2,
      unchanged: 0,
      failed: [{ path: 'c.html', reason: 'The file has no text.' }],
    })
    await area.drain()
    await rm(join(folder, 'c.html'))
    expect(await area.importFolder(folder)).toEqual({ added: 0, unchanged: 2, removed: 0, failed: [] })

    await writeFile(join(folder, 'a.md'), '# A\n\nChanged entirely.')
    await rm(join(folder, 'b.txt'))
    expect(await area.importFolder(folder)).toMatchObject({ added: 1, removed: 1 })
    await area.drain()
    const { items } = await area.handlers['document:list']({ page: 1, page_size: 20 }, call)
    expect(items).toMatchObject([{ name: 'a.md', status: 'ready' }])
    const hits = await area.searchPassages({ query: 'first changed second', source: 'document', limit: 9 })
    expect(hits.map(hit => hit.text)).toEqual(['Changed entirely.'])
    await rm(folder, { recursive: true })
  })
})
