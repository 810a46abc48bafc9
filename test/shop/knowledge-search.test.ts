import { fromSql } from 'pgvector'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  countTerms,
  inverseFrequency,
  queryTerms,
  saturation,
} from '../../server/answering/retrieval/ranking/bm25.ts'
import type { ProductPassage } from '../../server/areas/shop/knowledge/index.ts'
import { serverActor } from '../../server/core/call.ts'
import { newId } from '../../server/core/ids.ts'
import { ModelError } from '../../server/providers/model.ts'
import { call, file, type Knowledge, openKnowledge } from '../fixtures/knowledge.ts'

let knowledge: Knowledge
beforeAll(async () => {
  knowledge = await openKnowledge()
})
beforeEach(() => knowledge.clear())
afterAll(() => knowledge.close())

function product(id: string, text: string, title = `Product ${id}`): ProductPassage {
  return { source_id: id, title, url: `/p/${id}`, text, updated_at: '2026-01-02T03:04:05.000Z' }
}

const question = { earlier: [], language: 'en' as const, context: {} }

describe('ranking by words', () => {
  test('is BM25: the database’s scores are those of the formula', async () => {
    const area = knowledge.area()
    const words = ['lamp', 'desk', 'oak', 'brass', 'light', 'warm', 'cable', 'switch', 'blue', 'green']
    const texts = Array.from({ length: 60 }, (_, at) =>
      Array.from(
        { length: 4 + ((at * 7) % 23) },
        (_, word) => words[(at * 3 + word * word) % words.length],
      ).join(' '),
    )
    await area.replaceProductPassages(texts.map((text, at) => product(String(at), text, '')))
    const query = queryTerms('product', 'warm brass lamp')
    const figures = await knowledge.storage.passages.termFigures('product', [...query.keys()])
    const weights = new Map(
      [...query.keys()].map(term => [term, inverseFrequency(60, figures.matching.get(term)!)]),
    )
    const ranked = await knowledge.storage.passages.rank({ corpusId: figures.corpusId, weights, limit: 60 })

    const counted = texts.map(text => countTerms('product', '', text))
    // The weights may lag behind the mean length until it has moved by a tenth.
    const [{ average }] = (await knowledge.database.sql`
      select average from corpora where id = ${figures.corpusId}`) as unknown as [{ average: number }]
    const mean = counted.reduce((sum, { length }) => sum + length, 0) / 60
    expect(Math.abs(average / mean - 1)).toBeLessThanOrEqual(0.1)
    const { k1, b } = saturation
    for (const hit of ranked) {
      const { terms, frequencies, length } = counted[Number(hit.source_id)]!
      const expected = terms.reduce((sum, term, at) => {
        const tf = frequencies[at]!
        return sum + ((weights.get(term) ?? 0) * tf * (k1 + 1)) / (tf + k1 * (1 - b + (b * length) / average))
      }, 0)
      expect(hit.score).toBeCloseTo(expected, 3)
    }
  })

  test('questions asked at once are each answered as if alone', async () => {
    const area = knowledge.area()
    await area.replaceProductPassages(
      ['oak desk', 'oak lamp', 'brass lamp', 'brass switch', 'warm light'].map((text, at) =>
        product(String(at), text, ''),
      ),
    )
    await area.addDocument(file('oak.txt', 'Oak wants oil twice a year.'))
    await area.drain()
    const requests = ['oak', 'brass lamp', 'nothing of it', 'warm', 'oak lamp', 'switch']
      .flatMap(query => (['product', 'document'] as const).map(source => ({ query, source })))
      .map((request, at) => ({ ...request, limit: 1 + (at % 3) }))
    const alone = []
    for (const request of requests) alone.push(await area.searchPassages(request))
    expect(alone.map(hits => hits.length)).toEqual([1, 1, 3, 0, 0, 0, 1, 0, 3, 1, 1, 0])
    expect(await Promise.all(requests.map(request => area.searchPassages(request)))).toEqual(alone)
  })

  test('statistics stay right through imports at once, replacements, removals and rollbacks', async () => {
    const areas = [knowledge.area(), knowledge.area()]
    const ids = await Promise.all(
      Array.from({ length: 12 }, (_, at) =>
        areas[at % 2]!.addDocument(file(`${at}.txt`, `Common words and number ${at} of them.`)),
      ),
    )
    await Promise.all(areas.map(area => area.drain()))
    await knowledge.storage.documents.remove(ids[3]!.id, serverActor)
    await areas[0]!.replaceProductPassages([product('a', 'common'), product('b', 'words')])
    await areas[0]!.handlers['index:rebuild']({}, call)
    await areas[0]!.drain()
    const { passages } = knowledge.storage
    await expect(
      knowledge.database.transaction(async sql => {
        const corpusId = await passages.activeCorpus(sql, 'document')
        await passages.removeFrom(sql, corpusId, [ids[0]!.id])
        throw new Error('rolled back')
      }),
    ).rejects.toThrow('rolled back')
    const { stored, counted } = await knowledge.statistics()
    expect(stored).toBe(counted)
    expect(JSON.parse(stored)[1].map((corpus: { passages: number }) => corpus.passages)).toEqual([11, 2])
  })

  test('coverage is the share of what was asked, and unknown words lower it', async () => {
    const area = knowledge.area()
    await area.replaceProductPassages([
      product('a', 'brass lamp with a long cable'),
      product('b', 'oak desk'),
      product('c', 'green chair'),
    ])
    const search = (query: string) => area.searchPassages({ query, source: 'product', limit: 5 })
    const [whole] = await search('How long is the cable of the brass lamp?')
    expect(whole).toMatchObject({ source_id: 'a', coverage: 1 })
    const [part] = await search('brass refrigerator')
    expect(part!.coverage).toBeCloseTo(0.5, 5)
    expect(part!.score).toBeLessThan(whole!.score)
    expect(await search('refrigerator')).toEqual([])
    expect(await search(' ?! ')).toEqual([])
  })

  test('can be kept to some sources', async () => {
    const area = knowledge.area()
    await area.replaceProductPassages([product('a', 'lamp'), product('b', 'lamp lamp'), product('c', 'desk')])
    const hits = await area.searchPassages({ query: 'lamp', source: 'product', limit: 5, ids: ['a', 'c'] })
    expect(hits.map(hit => hit.source_id)).toEqual(['a'])
  })

  test('a new catalogue takes the old one’s place at once for every search', async () => {
    const area = knowledge.area()
    const version = (name: string) =>
      Array.from({ length: 120 }, (_, at) => product(String(at), `lamp ${name}`))
    await area.replaceProductPassages(version('old'))
    let done = false
    const replacing = area.replaceProductPassages(version('new')).then(() => {
      done = true
    })
    const seen = new Set<string>()
    while (!done) {
      const hits = await area.searchPassages({ query: 'lamp', source: 'product', limit: 200 })
      seen.add(`${hits.length} ${[...new Set(hits.map(hit => hit.text))].join()}`)
    }
    await replacing
    for (const state of seen) expect(['120 lamp old', '120 lamp new']).toContain(state)
    const hits = await area.searchPassages({ query: 'old', source: 'product', limit: 5 })
    expect(hits).toEqual([])
    expect(await knowledge.database.sql`select count(*)::int as count from corpora`).toEqual([{ count: 2 }])
  })

  test('law S6: a question of thousands of words, or of hostile ones, is only a question', async () => {
    const area = knowledge.area()
    await area.replaceProductPassages([product('a', 'lamp')])
    for (const query of [
      "'; drop table passages; --",
      '{1:2}/3',
      '\ud800',
      '灯'.repeat(8000),
      'lamp word'.repeat(900),
    ])
      await area.searchPassages({ query, source: 'product', limit: 5 })
    expect(await area.searchPassages({ query: 'lamp', source: 'product', limit: 5 })).toHaveLength(1)
  })
})

describe('evidence', () => {
  async function shop() {
    const area = knowledge.area()
    await area.addDocument(
      file('kettle.md', '# Kettle K2\n\nThe kettle weighs 1.2 kg and boils in three minutes.'),
      {
        url: 'https://shop.example/kettle',
      },
    )
    await area.addDocument(file('toaster.md', '# Toaster T9\n\nThe toaster weighs 2.5 kg.'), {
      url: 'https://shop.example/toaster',
    })
    await area.addDocument(file('zh.md', '# 退货 returns\n\n三十天内可以退货。 return policy'))
    await area.addDocument(file('en.md', '# Returns 退货\n\nReturn within thirty days. return policy'))
    await area.drain()
    return area
  }

  test('a question that leans on the one before is read together with it', async () => {
    const area = await shop()
    const requested = { ...question, text: 'And how much does it weigh?' }
    const [after] = await area.findEvidence({ ...requested, earlier: ['Tell me about the toaster T9'] }, 3)
    expect(after!.text).toContain('toaster')
    const [other] = await area.findEvidence({ ...requested, earlier: ['Tell me about the kettle K2'] }, 3)
    expect(other!.text).toContain('kettle')
  })

  test('the page the visitor is on comes first among equals', async () => {
    const area = await shop()
    for (const name of ['kettle', 'toaster']) {
      const context = { url: `https://shop.example/${name}?from=mail` }
      const [first] = await area.findEvidence({ ...question, text: 'what is the weight in kg', context }, 2)
      expect(first!.title.toLowerCase()).toContain(name)
    }
  })

  test('the question’s language comes first where both are there', async () => {
    const area = await shop()
    const [en] = await area.findEvidence({ ...question, text: 'return policy 退货' }, 2)
    expect(en!.text).toContain('thirty')
    const [zh] = await area.findEvidence({ ...question, text: 'return policy 退货', language: 'zh' }, 2)
    expect(zh!.text).toContain('三十')
  })

  test('is comparable: between 0 and 1, best first, nothing where nothing fits', async () => {
    const area = await shop()
    const found = await area.findEvidence({ ...question, text: 'kettle toaster return kg' }, 10)
    expect(found.length).toBeGreaterThan(2)
    found.reduce((last, { score }) => {
      expect(score).toBeGreaterThan(0)
      expect(score).toBeLessThanOrEqual(last)
      return score
    }, 1)
    expect(await area.findEvidence({ ...question, text: 'quantum entanglement' }, 5)).toEqual([])
  })
})

describe('ranking by meaning', () => {
  /** Knows that a sofa is a couch: one axis per meaning. */
  function fakeModel(model = 'fake-1') {
    const meanings = [/sofa|couch/i, /lamp|light/i, /desk|table/i]
    let calls = 0
    return {
      model,
      calls: () => calls,
      async embed(texts: string[]) {
        calls++
        return texts.map(text => [...meanings.map(meaning => (meaning.test(text) ? 1 : 0)), 0.1])
      },
    }
  }
  const products = [product('1', 'A soft couch'), product('2', 'A bright lamp'), product('3', 'An oak desk')]

  test('finds what shares no word, and what words find stays found', async () => {
    const area = knowledge.area({ embedding: fakeModel() })
    await area.replaceProductPassages(products)
    await area.drain()
    const [sofa] = await area.searchPassages({ query: 'sofa', source: 'product', limit: 1 })
    expect(sofa).toMatchObject({ source_id: '1', coverage: 0 })
    expect(sofa!.score).toBeGreaterThan(0.9)
    const [oak] = await area.searchPassages({ query: 'oak', source: 'product', limit: 1 })
    expect(oak!.source_id).toBe('3')
  })

  test('law R5: a dead host costs the meaning and one line, never the search', async () => {
    const model = fakeModel()
    await knowledge.area({ embedding: model }).replaceProductPassages(products)
    await knowledge.area({ embedding: model }).drain()
    let calls = 0
    const dead = {
      model: 'fake-1',
      async embed(): Promise<number[][]> {
        calls++
        throw new ModelError('The embedding host does not answer.')
      },
    }
    const area = knowledge.area({ embedding: dead })
    for (let times = 0; times < 3; times++) {
      const hits = await area.searchPassages({ query: 'bright lamp', source: 'product', limit: 1 })
      expect(hits).toMatchObject([{ source_id: '2', coverage: 1 }])
    }
    expect(calls).toBe(1)
    expect(knowledge.warnings).toHaveLength(1)
  })

  test('another model’s vectors are made anew and the old ones not asked', async () => {
    const first = knowledge.area({ embedding: fakeModel() })
    await first.addDocument(file('couch.txt', 'Our couch is soft.'))
    await first.drain()
    const next = fakeModel('fake-2')
    const area = knowledge.area({ embedding: next })
    expect(await area.searchPassages({ query: 'sofa', source: 'document', limit: 1 })).toEqual([])
    await area.start()
    await area.stop()
    await knowledge.area({ embedding: next }).drain()
    const models = await knowledge.database.sql`select distinct model from passage_vectors`
    expect(models).toEqual([{ model: 'fake-2' }])
    expect(await area.searchPassages({ query: 'sofa', source: 'document', limit: 1 })).toHaveLength(1)
  })

  test.each([3, 2500, 4500])(
    'vectors of %i dimensions are stored, indexed where they can be, and found',
    async size => {
      const axis = (at: number) => Array.from({ length: size }, (_, each) => (each === at ? 1 : 0))
      const embedding = {
        model: `of-${size}`,
        async embed(texts: string[]) {
          return texts.map(text => axis(/sofa|couch/.test(text) ? 0 : 1))
        },
      }
      const area = knowledge.area({ embedding })
      await area.replaceProductPassages(products)
      await area.drain()
      const [hit] = await area.searchPassages({ query: 'sofa', source: 'product', limit: 1, ids: ['1', '2'] })
      expect(hit).toMatchObject({ source_id: '1' })
      const indexes = await knowledge.database.sql`
      select indexname from pg_indexes where indexname like ${`passage_vectors_%_${size}`}`
      expect(indexes).toHaveLength(size <= 4000 ? 2 : 0)
      expect(knowledge.warnings).toEqual([])
    },
  )

  test('pgvector: a vector is read back as it was stored, however small its numbers are', async () => {
    const vector = [1e-7, -2.5e-9, 0, 0.25, 1]
    const area = knowledge.area({
      embedding: { model: 'small', embed: async texts => texts.map(() => vector) },
    })
    await area.addDocument(file('couch.txt', 'Our couch is soft.'))
    await area.drain()
    const [stored] = await knowledge.database.sql<{ text: string }[]>`
      select embedding::text as text from passage_vectors`
    expect((fromSql(stored!.text) as number[]).map(Math.fround)).toEqual(vector.map(Math.fround))
  })

  test('a removed document takes its vectors along', async () => {
    const area = knowledge.area({ embedding: fakeModel() })
    const { id } = await area.addDocument(file('couch.txt', 'Our couch is soft.'))
    await area.drain()
    await knowledge.storage.documents.remove(id, serverActor)
    expect(await area.searchPassages({ query: 'sofa', source: 'document', limit: 1 })).toEqual([])
    expect(await knowledge.database.sql`select count(*)::int as count from passage_vectors`).toEqual([
      { count: 0 },
    ])
  })
})

test('term ids of the two sources never meet', () => {
  const words = Array.from({ length: 20_000 }, () => newId())
  const ids = new Set(words.map(word => [...queryTerms('document', word.replaceAll('-', '')).keys()][0]))
  expect(ids.size).toBeGreaterThan(19_990)
  const [a] = queryTerms('document', 'lamp').keys()
  const [b] = queryTerms('product', 'lamp').keys()
  expect(a).not.toBe(b)
})
