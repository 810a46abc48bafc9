import * as v from 'valibot'
import { exampleIds } from '../core/example.ts'
import { articleMaxLength, articleQuestionMaxLength, articleQuestionsMax } from '../core/limits.ts'
import { name } from '../core/name.ts'
import { event, type Operations, operation } from '../core/operation.ts'
import { id, language, page, paging, text, time } from '../core/shapes.ts'

const staff = ['agent'] as const

const questions = v.pipe(
  v.array(name(articleQuestionMaxLength)),
  v.minLength(1, 'must have at least one question'),
  v.maxLength(articleQuestionsMax, `must have at most ${articleQuestionsMax} questions`),
  v.description(
    'The same question in several ways; the first is the title that visitors see with the answer',
  ),
)
const from = v.pipe(v.nullable(time), v.description('Not given before; null: at once'))
const until = v.pipe(v.nullable(time), v.description('Not given after; null: for good'))

/** An answer that a person of the shop wrote to a question, given in its place to whoever asks the same. */
export const article = v.object({
  id,
  questions: v.array(v.string()),
  answer: v.string(),
  language,
  valid_from: v.nullable(time),
  valid_until: v.nullable(time),
  state: v.pipe(
    v.picklist(['valid', 'ending', 'upcoming', 'expired']),
    v.description('`ending`: within two weeks'),
  ),
  created_at: time,
  updated_at: time,
})
export type Article = v.InferOutput<typeof article>

export const articleOperations = {
  'article:list': operation({
    summary: 'The curated answers, the newest first.',
    role: 'admin',
    access: 'role',
    namespaces: staff,
    example: { search: 'student', page: 1, page_size: 20 },
    input: v.object({ ...paging, search: v.optional(text(200, 0)) }),
    output: page(article),
    http: [{ method: 'GET', path: '/admin/articles' }],
  }),
  'article:get': operation({
    summary: 'One curated answer.',
    role: 'admin',
    access: 'role',
    namespaces: staff,
    example: { article_id: exampleIds.article_id },
    input: v.object({ article_id: id }),
    output: v.object({ article }),
    errors: ['NOT_FOUND'],
    http: [{ method: 'GET', path: '/admin/articles/{article_id}' }],
  }),
  'article:save': operation({
    summary:
      'Write an answer to a question, or change the one of that id; what is not given stays. Whoever asks the same, in ' +
      'other words too, gets it as it stands, before any model.',
    role: 'admin',
    access: 'role',
    namespaces: staff,
    example: {
      questions: ['Do you offer a student discount?', 'Is it cheaper for students?'],
      answer: 'Students get 10 % off with a student card.',
      language: 'en',
    },
    input: v.pipe(
      v.object({
        article_id: v.optional(id),
        group_id: v.pipe(
          v.optional(id),
          v.description('Of the asked questions that it answers (`question:list`)'),
        ),
        questions: v.optional(questions),
        answer: v.optional(text(articleMaxLength)),
        language: v.optional(language),
        valid_from: v.optional(from),
        valid_until: v.optional(until),
      }),
      v.forward(
        v.check(
          ({ article_id, questions }) => article_id !== undefined || questions !== undefined,
          'is required for a new one',
        ),
        ['questions'],
      ),
      v.forward(
        v.check(
          ({ article_id, answer }) => article_id !== undefined || answer !== undefined,
          'is required for a new one',
        ),
        ['answer'],
      ),
      v.forward(
        v.check(
          ({ article_id, language }) => article_id !== undefined || language !== undefined,
          'is required for a new one',
        ),
        ['language'],
      ),
    ),
    output: v.object({ article }),
    errors: ['NOT_FOUND', 'CONFLICT'],
    http: [
      { method: 'POST', path: '/admin/articles' },
      { method: 'PUT', path: '/admin/articles/{article_id}' },
    ],
  }),
  'article:delete': operation({
    summary: 'Remove a curated answer; what it answered is open again.',
    role: 'admin',
    access: 'role',
    namespaces: staff,
    example: { article_id: exampleIds.article_id },
    input: v.object({ article_id: id }),
    output: v.null(),
    errors: ['NOT_FOUND'],
    http: [{ method: 'DELETE', path: '/admin/articles/{article_id}' }],
  }),
} satisfies Operations

export const articleEvents = {
  'article:changed': event({
    summary: 'A curated answer was written, changed or removed.',
    durable: false,
    namespaces: ['agent'],
    payload: v.object({ article_id: id }),
  }),
}
