import type { Language } from '#protocol'
import type { ArticleRow } from '#storage/shop/article'
import {
  likenessOf,
  type Phrasings,
  readPhrasings,
  samenessMin,
} from '../../../answering/curated/likeness.ts'
import { readPhrasing } from '../../../answering/curated/phrasing.ts'
import type { Evidence } from '../../../answering/retrieval/evidence.ts'
import { createTextTurns } from '../../../core/turns.ts'
import type { ArticleDeps } from './index.ts'

interface ReadArticle extends ArticleRow {
  phrasings: Phrasings
}

/** What another node changed is known after so long, where its word of it was lost. */
const freshMs = 5000

/** Finds the curated answer to a question among all of them, which are in memory. */
export function createFinder({ storage, clock }: Pick<ArticleDeps, 'storage' | 'clock'>) {
  let state: string | null = null
  let articles: readonly ReadArticle[] = []
  let expires = 0
  let reading: Promise<void> | null = null

  async function refresh(): Promise<void> {
    expires = performance.now() + freshMs
    const found = await storage.all(state)
    if (!found) return
    state = found.state
    const known = new Map(articles.map(article => [article.id, article]))
    const read: ReadArticle[] = []
    const giveWay = createTextTurns()
    for (const row of found.articles) {
      await giveWay(lengthOf(row))
      const before = known.get(row.id)
      const isSame = before?.updated_at === row.updated_at
      read.push({ ...row, phrasings: isSame ? before!.phrasings : readPhrasings(row.questions) })
    }
    articles = read
  }

  function isValid({ valid_from, valid_until }: ArticleRow): boolean {
    const now = clock()
    return (
      (valid_from === null || Date.parse(valid_from) <= now) &&
      (valid_until === null || Date.parse(valid_until) > now)
    )
  }

  return {
    /** The next question reads them anew. */
    refreshSoon(): void {
      expires = 0
    },

    /** As evidence that answers by itself; null where none is to this question. */
    async find(text: string, language: Language): Promise<Evidence | null> {
      if (performance.now() >= expires) {
        reading ??= refresh().finally(() => {
          reading = null
        })
        await reading
      }
      if (articles.length === 0) return null
      const question = readPhrasing(text)
      let best: { article: ReadArticle; likeness: number } | null = null
      const giveWay = createTextTurns()
      for (const article of articles) {
        await giveWay(lengthOf(article))
        if (article.language !== language || !isValid(article)) continue
        const likeness = likenessOf(question, article.phrasings)
        if (likeness >= samenessMin && likeness > (best?.likeness ?? 0)) best = { article, likeness }
      }
      return best && toEvidence(best.article)
    },
  }
}

function lengthOf({ questions }: ArticleRow): number {
  return questions.reduce((sum, question) => sum + question.length, 0)
}

function toEvidence({ id, questions, answer, updated_at }: ArticleRow): Evidence {
  return {
    source: 'article',
    source_id: id,
    title: questions[0]!,
    url: null,
    text: answer,
    score: 1,
    updated_at,
  }
}
