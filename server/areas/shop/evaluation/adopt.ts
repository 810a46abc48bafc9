import { OperationError } from '#protocol'
import { articleQuestionMaxLength } from '#protocol/core/limits'
import type { ExpectedSource } from '#protocol/shop/evaluation'
import type { CaseFields, EvaluationStorage } from '#storage/shop/evaluation'
import { languageAsked } from '../../../answering/retrieval/text/language.ts'
import { maskPersonal } from '../../../security/masking.ts'

export interface Origin {
  message_id?: string | undefined
  group_id?: string | undefined
  article_id?: string | undefined
}

/** Of what was said before, as much as a question leans on. */
const turnMaxLength = 1000
const sourcesMax = 3

/** Reads questions of real life with what their answers have to be. @throws OperationError NOT_FOUND */
export function createAdoption(storage: EvaluationStorage) {
  async function ofMessage(messageId: string): Promise<CaseFields> {
    const spoken = (await storage.spoken(messageId)) ?? notFound()
    const { message_id, question, language, context, earlier, references } = spoken
    const cited = references.flatMap(({ source, source_id, title }): ExpectedSource[] =>
      source === 'upload' ? [] : [{ source, source_id, title: nameOf(title) }],
    )
    return {
      question: shorten(question, articleQuestionMaxLength),
      language: languageAsked(question, language),
      earlier: earlier.map(turn => ({
        question: shorten(turn.question, turnMaxLength),
        answer: shorten(turn.answer, turnMaxLength),
      })),
      product_id: context.product_id ?? null,
      expects: 'answer',
      sources: [...new Map(cited.map(one => [`${one.source} ${one.source_id}`, one])).values()].slice(
        0,
        sourcesMax,
      ),
      facts: [],
      message_id,
    }
  }

  async function ofArticle(articleId: string): Promise<CaseFields[]> {
    const { questions, language } = (await storage.article(articleId)) ?? notFound()
    return questions.map(question => ({
      question,
      language,
      earlier: [],
      product_id: null,
      expects: 'answer',
      sources: [articleSource(articleId, questions[0]!)],
      facts: [],
      message_id: null,
    }))
  }

  async function ofGroup(groupId: string): Promise<CaseFields> {
    const { message_id, article_id } = (await storage.ofGroup(groupId)) ?? notFound()
    const fields = await ofMessage(message_id)
    const article = article_id && (await storage.article(article_id))
    // What was answered is why it is in the list.
    return { ...fields, sources: article ? [articleSource(article_id, article.questions[0]!)] : [] }
  }

  return async ({ message_id, group_id, article_id }: Origin): Promise<CaseFields[]> => {
    if (article_id !== undefined) return ofArticle(article_id)
    return [group_id !== undefined ? await ofGroup(group_id) : await ofMessage(message_id!)]
  }
}

/** Of a reference, without the heading in it. */
function nameOf(title: string): string {
  return title.split(' › ')[0]!
}

function articleSource(source_id: string, title: string): ExpectedSource {
  return { source: 'article', source_id, title }
}

function shorten(text: string, max: number): string {
  return maskPersonal(text).trim().slice(0, max).toWellFormed()
}

function notFound(): never {
  throw new OperationError('NOT_FOUND', 'There is no such question.')
}
