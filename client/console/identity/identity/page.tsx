import './page.css'
import { useState } from 'preact/hooks'
import type { OperationOutput } from '#protocol'
import { ConfirmDialog } from '../../../ui/dialog.tsx'
import { Icon } from '../../../ui/icons.tsx'
import { dateTimeLabel } from '../../../ui/time.ts'
import { useAction, useConsole } from '../../context.ts'
import { CopyButton, Snippet } from '../../copy-button.tsx'
import { pageSnippet, serverSnippets } from './snippets.ts'
import { translator } from './words.ts'

type Secret = OperationOutput<'identity:secret'>
const languages = Object.keys(serverSnippets) as (keyof typeof serverSnippets)[]

/** How a site says who its customers are. */
export function IdentityView() {
  const { t } = useConsole(translator)
  const [language, setLanguage] = useState(languages[0]!)
  return (
    <>
      <section class="card part">
        <h2>{t('about')}</h2>
        <p class="muted">{t('aboutText')}</p>
        <SecretField />
      </section>
      <section class="card part">
        <h2>{t('server')}</h2>
        <p class="muted">{t('serverText')}</p>
        <fieldset class="snippet-choices">
          <legend class="hidden">{t('server')}</legend>
          {languages.map(name => (
            <label key={name}>
              <input
                type="radio"
                name="snippet"
                checked={name === language}
                onChange={() => setLanguage(name)}
              />
              {name}
            </label>
          ))}
        </fieldset>
        <Snippet code={serverSnippets[language]} label={`${t('copy')} ${language}`} />
      </section>
      <section class="card part">
        <h2>{t('page')}</h2>
        <p class="muted">{t('pageText')}</p>
        <Snippet code={pageSnippet} label={`${t('copy')} HTML`} />
      </section>
    </>
  )
}

function SecretField() {
  const { session, toasts, language, t } = useConsole(translator)
  const [shown, setShown] = useState<Secret | null>(null)
  const [isAsking, setAsking] = useState(false)
  const { isBusy, run } = useAction()

  function show() {
    void run(async () => setShown(await session.call('identity:secret', {})))
  }

  function rotate() {
    void run(async () => {
      setShown(await session.call('identity:rotate_secret', {}))
      toasts.say(t('rotated'))
    })
  }

  return (
    <>
      <h3>{t('secret')}</h3>
      <p class="muted">{t('secretText')}</p>
      <div class="secret-field">
        {shown ? (
          <code>{shown.secret}</code>
        ) : (
          <code role="img" aria-label={t('hidden')}>
            {'•'.repeat(12)}
          </code>
        )}
        <button
          type="button"
          class="button small"
          aria-busy={isBusy}
          onClick={() => (shown ? setShown(null) : show())}
        >
          <Icon name="eye" size={16} />
          {t(shown ? 'hide' : 'show')}
        </button>
        {shown && <CopyButton text={shown.secret} label={`${t('copy')} ${t('secret')}`} />}
      </div>
      {shown?.previous_until && Date.parse(shown.previous_until) > Date.now() && (
        <p class="warning">{t('previousUntil', { until: dateTimeLabel(shown.previous_until, language) })}</p>
      )}
      <div class="acts">
        <button type="button" class="button danger" aria-busy={isBusy} onClick={() => setAsking(true)}>
          {t('rotate')}
        </button>
      </div>
      {isAsking && (
        <ConfirmDialog
          title={t('rotateTitle')}
          confirm={t('rotate')}
          cancel={t('cancel')}
          isDangerous
          onAnswer={isConfirmed => {
            setAsking(false)
            if (isConfirmed) rotate()
          }}
        >
          {t('rotateText')}
        </ConfirmDialog>
      )}
    </>
  )
}
