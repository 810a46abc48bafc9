import { expect, test } from 'vitest'
import { withDatabase } from '../../loadtest/eval/database.ts'
import { evaluateMemory, fillMemories } from '../../loadtest/eval/memory.ts'
import { termsOf } from '../../server/answering/memory/terms.ts'
import { searchStatement } from '../../storage/chat/memory-search.ts'

test('memory: what was replaced or deleted is never used, no secret stored, and the right memory found, in en and zh', async () => {
  await withDatabase(async database => {
    for (const language of ['en', 'zh'] as const) {
      const { right_in_five, questions, ...zeros } = await evaluateMemory(database, language)
      expect(zeros, language).toEqual({
        replaced_used: 0,
        deleted_used: 0,
        secrets_stored: 0,
        others_stored: 0,
        silence_stored: 0,
      })
      expect(right_in_five, language).toBeGreaterThanOrEqual(0.9)
      expect(questions).toBeGreaterThan(100)
    }
  })
}, 180_000)

test('memory: among ten thousand of a person they are found by indexes alone', async () => {
  await withDatabase(async database => {
    const { sql } = database
    const personId = await fillMemories(database)
    const terms = termsOf('Which red thing would I like?')
    expect(terms.length).toBeGreaterThan(1)
    const rows = await sql`explain ${searchStatement(sql, personId, terms)}`
    const plan = rows.map(row => row['QUERY PLAN']).join('\n')
    expect(plan).toContain('memory_terms_pkey')
    expect(plan).not.toMatch(/Seq Scan on (?:memories|memory_terms)/)
  })
}, 180_000)
