import './page.css'
import { consentMaxLength, retentionMaxDays } from '#protocol/core/limits'
import type { PrivacySettings } from '#protocol/identity/privacy'
import { languages } from '../../../ui/i18n.ts'
import { Markup } from '../../../ui/markup.tsx'
import { useConsole, useLoaded } from '../../context.ts'
import { NumberField } from '../../fields.tsx'
import { SettingsForm } from '../../settings-form.tsx'
import { Loading } from '../../state.tsx'
import { HeldData } from './held-data.tsx'
import { translator } from './words.ts'

/** What visitors agree to, how long things are kept, and what people may ask of the data on them. */
export function PrivacyView() {
  const { session } = useConsole()
  const loaded = useLoaded('privacy:settings', {})
  return (
    <>
      <Loading of={loaded}>
        {({ settings }) => (
          <SettingsForm
            stored={settings}
            onSave={async (_changes, values) => {
              await session.call('privacy:set', values)
              loaded.reload()
            }}
          >
            {(values, change) => (
              <>
                <ConsentFields settings={values} change={change} />
                <RetentionFields settings={values} change={change} />
                <MaskingField settings={values} change={change} />
              </>
            )}
          </SettingsForm>
        )}
      </Loading>
      <HeldData />
    </>
  )
}

interface FieldsProps {
  settings: PrivacySettings
  change(to: Partial<PrivacySettings>): void
}

function ConsentFields({ settings: { consent }, change }: FieldsProps) {
  const { t } = useConsole(translator)
  const set = (to: Partial<PrivacySettings['consent']>) => change({ consent: { ...consent, ...to } })
  return (
    <section class="card">
      <h2>{t('consent')}</h2>
      <p class="muted">{t('consentText')}</p>
      <label class="check">
        <input
          type="checkbox"
          checked={consent.required}
          onChange={event => set({ required: event.currentTarget.checked })}
        />
        {t('required')}
      </label>
      <div class="fields consent-fields">
        {languages.map(language => (
          <div key={language}>
            <label class="field">
              {t('wording', { language: t(language) })}
              <textarea
                class="input"
                rows={6}
                lang={language}
                maxLength={consentMaxLength}
                required={consent.required}
                aria-describedby="consent-hint"
                value={consent.text[language]}
                onInput={({ currentTarget: { value } }) =>
                  set({ text: { ...consent.text, [language]: value } })
                }
              />
            </label>
            <ConsentPreview text={consent.text[language]} language={language} />
          </div>
        ))}
      </div>
      <p id="consent-hint" class="muted">
        {t('wordingHint')}
        <br />
        {t('newVersion')}
      </p>
    </section>
  )
}

function ConsentPreview({ text, language }: { text: string; language: string }) {
  const { t } = useConsole(translator)
  return (
    <figure class="consent-preview">
      <figcaption class="muted">{t('preview')}</figcaption>
      <div lang={language}>
        {text.trim() ? <Markup content={text} /> : <p class="muted">{t('nothingYet')}</p>}
      </div>
    </figure>
  )
}

function RetentionFields({ settings: { retention_days: days }, change }: FieldsProps) {
  const { t } = useConsole(translator)
  const kinds = [
    ['conversations', 'conversations'],
    ['mail', 'mails'],
    ['audit', 'log'],
  ] as const
  return (
    <section class="card">
      <h2>{t('retention')}</h2>
      <p class="muted">{t('retentionText')}</p>
      <div class="fields">
        {kinds.map(([kind, word]) => (
          <NumberField
            key={kind}
            label={t(word)}
            value={days[kind]}
            min={1}
            max={retentionMaxDays}
            onNumber={count => change({ retention_days: { ...days, [kind]: count } })}
          />
        ))}
      </div>
    </section>
  )
}

function MaskingField({ settings, change }: FieldsProps) {
  const { t } = useConsole(translator)
  return (
    <section class="card">
      <h2>{t('masking')}</h2>
      <label class="check">
        <input
          type="checkbox"
          checked={settings.mask_for_models}
          onChange={event => change({ mask_for_models: event.currentTarget.checked })}
        />
        <span>
          {t('mask')}
          <small class="muted">{t('maskHint')}</small>
        </span>
      </label>
    </section>
  )
}
