import { ratingCommentMaxLength } from '#protocol/core/limits'
import type { ConversationState, ConversationStore } from '../../sdk/index.ts'
import { useTask } from '../../ui/use-task.ts'
import { useState } from '../core/shared.ts'
import { idOf } from './handoff.ts'
import { Problem } from './problem.tsx'
import { useLazy } from './words.ts'

interface Props {
  conversation: ConversationStore
  handoff: NonNullable<ConversationState['handoff']>
}

const marks = [1, 2, 3, 4, 5]

/** After a talk with a person, once: five stars and a word, or not now. */
export function Rating({ conversation, handoff }: Props) {
  const { model, t } = useLazy()
  const { slots } = model.client
  const [stars, setStars] = useState(0)
  const [comment, setComment] = useState('')
  const [, refresh] = useState({})
  const { isBusy, error, run } = useTask()

  if (handoff.rating !== null)
    return stars ? (
      <p class="card small" role="status">
        {t('thanks')}
      </p>
    ) : null
  if (slots.read('unrated') === handoff.id) return null

  function later() {
    slots.write('unrated', handoff.id)
    refresh({})
  }

  function send(event: Event) {
    event.preventDefault()
    const input = { conversation_id: idOf(conversation), rating: stars, comment: comment.trim() || undefined }
    void run(async () => {
      await model.client.call('handoff:rate', input)
      model.emit('rating', { of: 'talk', rating: stars })
    })
  }

  return (
    <form class="card" onSubmit={send}>
      <fieldset class="stars">
        <legend>{t('rateQuestion', { name: handoff.agent?.name ?? t('someone') })}</legend>
        {marks.map(mark => (
          <label key={mark} class={mark <= stars ? 'on' : ''}>
            <input
              type="radio"
              name="rating"
              class="hidden"
              checked={mark === stars}
              aria-label={t('stars', { count: mark })}
              onChange={() => setStars(mark)}
            />
            <span aria-hidden="true">★</span>
          </label>
        ))}
      </fieldset>
      {stars > 0 && (
        <textarea
          class="input"
          rows={2}
          maxLength={ratingCommentMaxLength}
          value={comment}
          placeholder={t('comment')}
          aria-label={t('comment')}
          onInput={event => setComment(event.currentTarget.value)}
        />
      )}
      <Problem error={error} />
      <div class="answers">
        <button type="submit" class="main" disabled={stars === 0 || isBusy}>
          {t('rate')}
        </button>
        <button type="button" onClick={later}>
          {t('later')}
        </button>
      </div>
    </form>
  )
}
