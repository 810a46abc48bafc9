import { useState } from 'preact/hooks'
import {
  widgetGreetingMaxLength,
  widgetOffsetMax,
  widgetStarterMaxLength,
  widgetStartersMax,
  widgetTitleMaxLength,
  widgetZIndexMax,
} from '#protocol/core/limits'
import { type Language, languages } from '../../../ui/i18n.ts'
import { useConsole } from '../../context.ts'
import { NumberField, SelectField, TextField } from '../../fields.tsx'
import type { FieldsProps } from './page.tsx'
import { translator } from './words.ts'

/** What the picker begins with where there is no colour yet. */
const builtInColor = '#0b6b5b'

export function LookFields({ settings, defaults, change }: FieldsProps) {
  const { t } = useConsole(translator)
  return (
    <div class="fields">
      <ColorField color={settings.color} onColor={color => change({ color })} />
      <TextField
        label={t('logo')}
        hint={t('logoHint')}
        type="url"
        pattern="https?://.*"
        placeholder="https://your-shop.example/logo.png"
        value={settings.logo_url ?? ''}
        onText={text => change({ logo_url: text || null })}
      />
      <SelectField
        label={t('side')}
        value={settings.side}
        options={[
          ['right', t('right')],
          ['left', t('left')],
        ]}
        onSelect={side => change({ side })}
      />
      <SelectField
        label={t('launcher')}
        value={settings.launcher}
        options={[
          ['shown', t('shown')],
          ['hidden', t('hidden')],
        ]}
        onSelect={launcher => change({ launcher })}
      />
      <NumberField
        label={t('offsetX')}
        value={settings.offset_x}
        max={widgetOffsetMax}
        isRequired
        onNumber={offset_x => change({ offset_x: offset_x ?? defaults.offset_x })}
      />
      <NumberField
        label={t('offsetY')}
        value={settings.offset_y}
        max={widgetOffsetMax}
        isRequired
        onNumber={offset_y => change({ offset_y: offset_y ?? defaults.offset_y })}
      />
      <NumberField
        label={t('zIndex')}
        hint={t('zIndexHint')}
        value={settings.z_index}
        max={widgetZIndexMax}
        isRequired
        onNumber={z_index => change({ z_index: z_index ?? defaults.z_index })}
      />
    </div>
  )
}

interface ColorProps {
  /** Null is the built-in one. */
  color: string | null
  onColor(color: string | null): void
}

function ColorField({ color, onColor }: ColorProps) {
  const { t } = useConsole(translator)
  return (
    <div class="field">
      <label>
        {t('color')}
        <input
          class="input color"
          type="color"
          value={color ?? builtInColor}
          onInput={event => onColor(event.currentTarget.value)}
        />
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={color === null}
          onChange={event => onColor(event.currentTarget.checked ? null : builtInColor)}
        />
        {t('builtInColor')}
      </label>
    </div>
  )
}

export function TextFields({ settings, change }: FieldsProps) {
  const { t } = useConsole(translator)
  const { title, greeting, starters } = settings
  return (
    <div class="fields texts">
      {languages.map(language => (
        <div key={language}>
          <TextField
            label={t('title', { language: t(language) })}
            lang={language}
            maxLength={widgetTitleMaxLength}
            value={title[language]}
            onText={text => change({ title: { ...title, [language]: text } })}
          />
          <label class="field">
            {t('greeting', { language: t(language) })}
            <textarea
              class="input"
              rows={3}
              lang={language}
              maxLength={widgetGreetingMaxLength}
              value={greeting[language]}
              onInput={event => change({ greeting: { ...greeting, [language]: event.currentTarget.value } })}
            />
            <small class="muted">{t('greetingHint')}</small>
          </label>
          <StartersField
            language={language}
            starters={starters[language]}
            onStarters={lines => change({ starters: { ...starters, [language]: lines } })}
          />
        </div>
      ))}
    </div>
  )
}

interface StartersProps {
  language: Language
  starters: string[]
  onStarters(starters: string[]): void
}

function StartersField({ language, starters, onStarters }: StartersProps) {
  const { t } = useConsole(translator)
  const [typed, setTyped] = useState(starters.join('\n'))
  // What is being typed holds blanks that the lines do not; other lines than those, as after a cancel, are shown.
  const isTyped = toStarters(typed).join('\n') === starters.join('\n')
  return (
    <label class="field">
      {t('starters', { language: t(language) })}
      <textarea
        class="input"
        rows={4}
        lang={language}
        value={isTyped ? typed : starters.join('\n')}
        onInput={({ currentTarget: { value } }) => {
          setTyped(value)
          onStarters(toStarters(value))
        }}
      />
      <small class="muted">{t('startersHint', { max: widgetStartersMax })}</small>
    </label>
  )
}

function toStarters(text: string): string[] {
  return text
    .split('\n')
    .map(line => line.trim().slice(0, widgetStarterMaxLength))
    .filter(Boolean)
    .slice(0, widgetStartersMax)
}
