import { invalid, OperationError, toPage } from '#protocol'
import { articlesMax } from '#protocol/core/limits'
import type { Article, articleOperations } from '#protocol/shop/article'
import type { ArticleRow, ArticleStorage } from '#storage/shop/article'
import { actorOf, type Handlers } from '../../../core/call.ts'
import { newId } from '../../../core/ids.ts'
import { createFinder } from './find.ts'

export interface ArticleDeps {
  storage: ArticleStorage
  clock(): number
  /** Tells staff, and every other node, that one has changed. */
  publishChange(articleId: string): void
}

const endingMs = 14 * 86_400_000

/** Answers that people of the shop write to questions, and the search for the one that a question asks for. */
export function articleArea(deps: ArticleDeps) {
  const { storage, clock, publishChange } = deps
  const finder = createFinder(deps)

  const handlers: Handlers<typeof articleOperations> = {
    async 'article:list'(query) {
      const { items, total } = await storage.list(query)
      return toPage(
        items.map(row => toArticle(row, clock())),
        total,
        query,
      )
    },

    async 'article:get'({ article_id }) {
      const row = await storage.get(article_id)
      if (!row) throw noSuchArticle()
      return { article: toArticle(row, clock()) }
    },

    async 'article:save'({ article_id, group_id, questions, ...fields }, call) {
      const id = article_id ?? newId()
      const changes = { ...fields, questions: questions && onceEach(questions) }
      const options = {
        isNew: article_id === undefined,
        groupId: group_id ?? null,
        max: articlesMax,
        actor: actorOf(call),
      }
      const saved = await storage.save(id, changes, options)
      if (saved.outcome === 'not_found') throw noSuchArticle()
      if (saved.outcome === 'ends_first') throw invalid('valid_until', 'must be after valid_from')
      if (saved.outcome === 'too_many')
        throw new OperationError('CONFLICT', `There may be at most ${articlesMax} curated answers.`)
      finder.refreshSoon()
      publishChange(id)
      return { article: toArticle(saved.article, clock()) }
    },

    async 'article:delete'({ article_id }, call) {
      if (!(await storage.remove(article_id, actorOf(call)))) throw noSuchArticle()
      finder.refreshSoon()
      publishChange(article_id)
      return null
    },
  }

  return { handlers, find: finder.find, refreshSoon: finder.refreshSoon }
}

function toArticle(row: ArticleRow, now: number): Article {
  return { ...row, state: stateOf(row, now) }
}

function stateOf({ valid_from, valid_until }: ArticleRow, now: number): Article['state'] {
  const end = valid_until === null ? Number.POSITIVE_INFINITY : Date.parse(valid_until)
  if (end <= now) return 'expired'
  if (valid_from !== null && Date.parse(valid_from) > now) return 'upcoming'
  return end - now < endingMs ? 'ending' : 'valid'
}

function onceEach(questions: string[]): string[] {
  return [...new Map(questions.map(question => [question.toLowerCase(), question])).values()]
}

function noSuchArticle(): OperationError {
  return new OperationError('NOT_FOUND', 'There is no such curated answer, or no such group of questions.')
}
