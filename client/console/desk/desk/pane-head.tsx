import type { Conversation } from '#protocol'
import type { VisitorFacts } from '#protocol/desk/desk'
import { Avatar } from '../../../ui/avatar.tsx'
import { Icon } from '../../../ui/icons.tsx'
import { useDesk } from './context.ts'

interface Props extends ActionsProps {
  name: string
  conversation: Conversation | null
  details: VisitorFacts | null
}

/** Whose conversation it is, and what can be done with it. */
export function PaneHead({ name, conversation, details, ...actions }: Props) {
  const { desk, t } = useDesk()
  return (
    <header class="pane-head">
      <button
        type="button"
        class="button quiet back"
        aria-label={t('back')}
        title={t('back')}
        onClick={() => desk.hide(actions.id)}
      >
        <Icon name="back" size={18} />
      </button>
      <Avatar name={details?.name ?? conversation?.visitor?.name ?? null} />
      <Title name={name} conversation={conversation} />
      <Actions {...actions} />
    </header>
  )
}

function Title({ name, conversation }: { name: string; conversation: Conversation | null }) {
  const { t } = useDesk()
  return (
    <div class="who">
      <h2>{name}</h2>
      <p class="muted">
        {conversation &&
          [t(conversation.language), conversation.title].filter(part => part !== null).join(' · ')}
      </p>
    </div>
  )
}

interface ActionsProps {
  id: string
  /** Null where it cannot be taken, handed on or completed. */
  onTake: (() => void) | null
  /** What taking it is called. */
  takeWord: 'take' | 'takeOver' | 'reopen'
  onAsk: ((what: 'transfer' | 'complete' | 'snooze') => void) | null
  isTranslated: boolean
  onTranslate(): void
  hasDetails: boolean
  onDetails(): void
}

function Actions(props: ActionsProps) {
  const { id, onTake, takeWord, onAsk, isTranslated, onTranslate, hasDetails, onDetails } = props
  const { desk, t } = useDesk()
  return (
    <div class="acts">
      {onTake && (
        <button type="button" class="button small primary" onClick={onTake}>
          {t(takeWord)}
        </button>
      )}
      {onAsk && (
        <>
          <button
            type="button"
            class="button quiet"
            aria-label={t('snooze')}
            title={`${t('snooze')} (Alt S)`}
            onClick={() => onAsk('snooze')}
          >
            <Icon name="history" size={18} />
          </button>
          <button
            type="button"
            class="button small"
            title={`${t('transfer')} (Alt T)`}
            onClick={() => onAsk('transfer')}
          >
            <Icon name="transfer" size={16} />
            <span>{t('transfer')}</span>
          </button>
          <button
            type="button"
            class="button small"
            title={`${t('complete')} (Alt C)`}
            onClick={() => onAsk('complete')}
          >
            <Icon name="check" size={16} />
            <span>{t('complete')}</span>
          </button>
        </>
      )}
      {desk.client.state.session?.features.translation && (
        <button
          type="button"
          class="button quiet"
          aria-label={t('translate')}
          title={t('translate')}
          aria-pressed={isTranslated}
          onClick={onTranslate}
        >
          <Icon name="globe" size={18} />
        </button>
      )}
      <button
        type="button"
        class="button quiet"
        aria-label={t('facts')}
        title={`${t('facts')} (Alt I)`}
        aria-pressed={hasDetails}
        onClick={onDetails}
      >
        <Icon name="info" size={18} />
      </button>
      <button
        type="button"
        class="button quiet leave"
        aria-label={t('closeColumn')}
        title={t('closeColumn')}
        onClick={() => desk.hide(id)}
      >
        <Icon name="close" size={18} />
      </button>
    </div>
  )
}
