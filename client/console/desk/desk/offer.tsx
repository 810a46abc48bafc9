import './offer.css'
import { useEffect, useState } from 'preact/hooks'
import { useStore } from '../../../ui/use-store.ts'
import { useDesk } from './context.ts'
import { Sources } from './message.tsx'
import type { Offer, Writing } from './writing.ts'

interface Props {
  writing: Writing
  /** It was decided about: the agent writes on. */
  onAnswer(): void
}

/** Words made for the reply: beside the agent's own until those give way, and then what the reader should know of them. */
export function OfferPanel({ writing, onAnswer }: Props) {
  const { t } = useDesk()
  const { offer, replaced, reply } = useStore(writing)
  const inBox = replaced?.mode === 'reply' && reply.trim() !== '' ? replaced : null

  function answer(decide: () => void) {
    decide()
    onAnswer()
  }

  if (offer)
    return (
      <section class="draft-note" aria-label={t(offer.kind)} aria-live="polite">
        <p class="offer-head">
          <strong>{t(offer.kind)}</strong>
          <span class="offer-answers">
            <button type="button" class="button small primary" onClick={() => answer(() => writing.accept())}>
              {t(reply.trim() ? 'offerReplace' : 'offerUse')}
            </button>
            {reply.trim() && (
              <button type="button" class="button small" onClick={() => answer(() => writing.accept(true))}>
                {t('offerAppend')}
              </button>
            )}
            <button type="button" class="button small" onClick={() => answer(writing.dismiss)}>
              {t('offerDismiss')}
            </button>
          </span>
        </p>
        <blockquote class="offered">{offer.text}</blockquote>
        <Origin offer={offer} />
      </section>
    )
  if (!inBox) return null
  return (
    <div class="draft-note">
      {inBox.offer?.kind === 'draft' && <p class="warning">{t('draftHint')}</p>}
      {writing.canRestore('reply') && (
        <p>
          <button type="button" class="link" onClick={() => answer(() => writing.restore('reply'))}>
            {t(inBox.before.trim() ? 'restoreMine' : 'restoreEmpty')}
          </button>{' '}
          <kbd>Ctrl</kbd> <kbd>Z</kbd>
        </p>
      )}
      {inBox.offer && <Origin offer={inBox.offer} />}
    </div>
  )
}

function Origin({ offer }: { offer: Offer }) {
  const { t } = useDesk()
  const [opened, setOpened] = useState<number | null>(null)
  useEffect(() => setOpened(null), [offer])
  if (!offer.references) return null
  if (offer.references.length === 0) return <p class="warning">{t('noSource')}</p>
  return <Sources references={offer.references} opened={opened} onOpen={setOpened} />
}
