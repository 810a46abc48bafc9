import { useEffect, useRef, useState } from 'preact/hooks'
import { type ConnectionState, type ConversationStore, refusals, type Wording } from '../../sdk/index.ts'
import { errorSentence } from '../../ui/errors.ts'
import { Glyph } from '../../ui/glyph.tsx'
import * as glyphs from '../../ui/glyphs.tsx'
import { languageWords, nextLanguage } from '../../ui/i18n.ts'
import { useStore } from '../../ui/use-store.ts'
import { Composer } from './composer.tsx'
import { useWidget } from './context.ts'
import { Thread } from './thread.tsx'
import { useViewport } from './viewport.ts'

export function Panel({ conversation }: { conversation: ConversationStore }) {
  const { model, lazy, t } = useWidget()
  const state = useStore(conversation)
  const panel = useRef<HTMLElement>(null)
  const isPhone = useViewport(panel)
  const [wording, agree] = useConsent()
  const [sheet, setSheet] = useState<'account' | 'earlier' | null>(null)
  const answering = state.messages.findLast(({ status }) => status === 'streaming')

  // On a phone the keyboard would cover what there is to read.
  useEffect(() => (isPhone ? panel.current : panel.current?.querySelector('textarea'))?.focus(), [])

  useEffect(() => {
    if (lazy && panel.current) return lazy.keepManners(panel.current, isPhone)
  }, [lazy, isPhone])

  function onKeyDown(event: KeyboardEvent) {
    // The page must not take what is typed here for its own shortcuts.
    event.stopPropagation()
    if (event.key === 'Escape' && !event.isComposing) model.close()
  }

  return (
    <section
      ref={panel}
      class="panel"
      role="dialog"
      aria-modal={isPhone}
      tabIndex={-1}
      aria-label={model.get().look.title ?? t('title')}
      onKeyDown={onKeyDown}
      // What misses the box does not take the page away.
      onDragOver={event => event.preventDefault()}
      onDrop={event => {
        event.preventDefault()
        if (!wording) model.get().files?.add(event.dataTransfer?.files ?? [])
      }}
    >
      <Header conversation={conversation} />
      <Banner conversation={conversation} />
      <Thread conversation={conversation} state={state} mayAsk={!wording}>
        {lazy && <lazy.Desk conversation={conversation} onSheet={setSheet} />}
      </Thread>
      {!wording ? (
        <Composer conversation={conversation} answering={answering} />
      ) : (
        lazy && <lazy.Consent conversation={conversation} wording={wording} onAgree={agree} />
      )}
      {lazy && sheet === 'account' && (
        <lazy.Account conversation={conversation} onClose={() => setSheet(null)} />
      )}
      {lazy && sheet === 'earlier' && (
        <lazy.EarlierSheet conversation={conversation} onClose={() => setSheet(null)} />
      )}
    </section>
  )
}

function Header({ conversation }: { conversation: ConversationStore }) {
  const { model, language, t } = useWidget()
  const { conversation: current, messages } = conversation.get()
  const { title, logo } = model.get().look
  const next = nextLanguage(language)
  const { tag, choose } = languageWords[next]
  const name = current?.agent?.name ?? t('someone')
  const subtitle =
    current?.mode === 'human'
      ? t('person', { name })
      : current?.mode === 'queued'
        ? t('queued')
        : t('subtitle')
  return (
    <header>
      {logo && <img class="logo" src={logo} alt="" referrerpolicy="no-referrer" />}
      <div class="heading">
        <h2>{title ?? t('title')}</h2>
        <p>{subtitle}</p>
      </div>
      <button
        type="button"
        class="quiet words"
        lang={tag}
        aria-label={choose}
        title={choose}
        onClick={() => model.setLanguage(next, true)}
      >
        {languageWords[next].name}
      </button>
      {messages.length > 0 && (
        <button type="button" class="quiet" aria-label={t('fresh')} title={t('fresh')} onClick={model.leave}>
          <Glyph of={glyphs.plus} />
        </button>
      )}
      <button type="button" class="quiet" aria-label={t('close')} title={t('close')} onClick={model.close}>
        <Glyph of={glyphs.close} />
      </button>
    </header>
  )
}

function Banner({ conversation }: { conversation: ConversationStore }) {
  const { model, language, t } = useWidget()
  const { conversation: current, error, outgoing } = conversation.get()
  const { code, status } = useConnection()
  const notice =
    code && code in refusals
      ? t('unavailable')
      : status === 'ended'
        ? errorSentence(code ?? 'UNAUTHORIZED', language)
        : status === 'reconnecting'
          ? t('reconnecting') + (outgoing.length ? ` ${t('unsent')}` : '')
          : error
            ? errorSentence(error.code, language)
            : current?.status === 'closed'
              ? t('closed')
              : model.get().isLazyMissing && t('limited')
  return (
    <div class="banner" role="status">
      {notice && <p>{notice}</p>}
    </div>
  )
}

function useConnection(): ConnectionState {
  const { client } = useWidget().model
  return useStore({ get: () => client.state, subscribe: client.subscribe })
}

/** What is to be agreed to first, and how to note that it was. */
function useConsent(): [Wording | null, () => void] {
  const { client } = useWidget().model
  const [, refresh] = useState({})
  const wording = useConnection().session?.features.consent
  const isOpen = wording && client.slots.read('consent') !== wording.version
  return [
    isOpen ? wording : null,
    () => {
      client.slots.write('consent', wording?.version)
      refresh({})
    },
  ]
}
