import type { Article } from '#protocol/shop/article'
import type { Question } from '#protocol/shop/question'
import { useConsole, useLoaded } from '../../context.ts'
import { EditDialog } from '../../edit-dialog.tsx'
import { ArticleFields, inputOf, valuesOf } from '../article/fields.tsx'
import { translator } from './words.ts'

interface Props {
  question: Question
  onSaved(): void
  onClose(): void
}

/** The one answer to all who ask this, or the change of it where there is one already. */
export function AnswerDialog({ question, onSaved, onClose }: Props) {
  return question.article_id ? (
    <KnownAnswer articleId={question.article_id} question={question} onSaved={onSaved} onClose={onClose} />
  ) : (
    <Answer article={null} question={question} onSaved={onSaved} onClose={onClose} />
  )
}

function KnownAnswer({ articleId, ...props }: Props & { articleId: string }) {
  const { data } = useLoaded('article:get', { article_id: articleId })
  return data && <Answer article={data.article} {...props} />
}

function Answer({ article, question, onSaved, onClose }: Props & { article: Article | null }) {
  const { session, t } = useConsole(translator)
  const asked = [question.question, ...question.examples.map(example => example.question)]
  const questions = [...new Set([...(article?.questions ?? []), ...asked.map(onOneLine)])]
  const known = article ? { ...article, questions } : { questions, language: question.language }
  return (
    <EditDialog
      title={t('answerTitle')}
      isWide
      loaded={valuesOf(known)}
      onSave={async (_changes, values) => {
        await session.call('article:save', {
          ...(article && { article_id: article.id }),
          group_id: question.id,
          ...inputOf(values),
        })
        onSaved()
      }}
      onClose={onClose}
    >
      {(values, change) => <ArticleFields values={values} change={change} />}
    </EditDialog>
  )
}

function onOneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 300)
}
