import type { Language } from '#protocol'
import { AttachButton } from '../../../ui/attachments.tsx'
import type { Files } from '../../../ui/files.ts'
import { Icon } from '../../../ui/icons.tsx'
import { useDesk } from './context.ts'
import type { useOffers } from './use-offers.ts'
import type { Mode } from './writing.ts'

interface Props {
  mode: Mode
  modes: Mode[]
  text: string
  files: Files
  offers: ReturnType<typeof useOffers>
  mayReply: boolean
  mayGo: boolean
  /** Null where nothing is to be translated. */
  translateTo: Language | null
  onToggleMode(): void
  /** Calls replies and macros. */
  onCall(): void
}

const icons = { reply: 'send', note: 'note', guide: 'spark' } as const
const sendWords = { reply: 'send', note: 'addNote', guide: 'sendGuide' } as const

/** What can be done with what is written. */
export function ComposerFoot(props: Props) {
  const { mode, modes, text, files, offers, mayReply, mayGo, translateTo, onToggleMode, onCall } = props
  const { t } = useDesk()
  return (
    <div class="composer-foot">
      {modes.length > 1 && <Modes mode={mode} modes={modes} onToggle={onToggleMode} />}
      {mode === 'reply' && <AttachButton files={files} t={t} />}
      {mode === 'reply' && (
        <button
          type="button"
          class="button quiet"
          aria-label={t('canned')}
          title={`${t('canned')} (/)`}
          onClick={onCall}
        >
          <Icon name="bolt" size={18} />
        </button>
      )}
      {mayReply && (
        <button
          type="button"
          class="button small draft"
          aria-label={t('draft')}
          disabled={offers.isDrafting}
          title={`${t('draft')} (Alt G)`}
          onClick={offers.draft}
        >
          <Icon name="spark" size={16} />
          <span>{t(offers.isDrafting ? 'drafting' : 'draft')}</span>
        </button>
      )}
      {translateTo && (
        <button
          type="button"
          class="button small translate"
          aria-label={t('translateTo', { language: t(translateTo) })}
          title={t('translateTo', { language: t(translateTo) })}
          disabled={offers.isTranslating}
          onClick={() => void offers.translate(text, translateTo)}
        >
          <Icon name="globe" size={16} />
          <span>
            {offers.isTranslating ? t('translating') : t('translateTo', { language: t(translateTo) })}
          </span>
        </button>
      )}
      <button type="submit" class="button small primary" disabled={!mayGo}>
        <Icon name={icons[mode]} size={16} />
        {t(sendWords[mode])}
      </button>
    </div>
  )
}

function Modes({ mode, modes, onToggle }: { mode: Mode; modes: Mode[]; onToggle(): void }) {
  const { t } = useDesk()
  return (
    <fieldset class="modes" aria-label={t('mode')}>
      {modes.map(name => (
        <button
          key={name}
          type="button"
          aria-pressed={name === mode}
          title={`${t(name)} (Alt M)`}
          onClick={() => name === mode || onToggle()}
        >
          {t(name)}
        </button>
      ))}
    </fieldset>
  )
}
