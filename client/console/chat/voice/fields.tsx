import type { VoiceSettings } from '#protocol/chat/voice'
import {
  speechModelMaxLength,
  turnTakingMaxMs,
  turnTakingMinMs,
  voiceDayMaxMinutes,
  voiceMaxSeconds,
  voiceMinSeconds,
  voiceStreamsMax,
} from '#protocol/core/limits'
import { useConsole, useLoaded } from '../../context.ts'
import { NumberField, SelectField, TextField } from '../../fields.tsx'
import { translator, type Words } from './words.ts'

type Transcription = VoiceSettings['transcription']
type Speech = VoiceSettings['speech']

type ModelProps =
  | { kind: 'transcription'; choice: Transcription; change(to: Partial<Transcription>): void }
  | { kind: 'speech'; choice: Speech; hasLocalVoice: boolean; change(to: Partial<Speech>): void }

/** By what, and by which of its models. */
export function ModelFields(props: ModelProps) {
  const { t } = useConsole(translator)
  const { source } = props.choice
  const sources: Speech['source'][] = ['environment', 'provider', 'none']
  if (props.kind === 'speech' && (props.hasLocalVoice || source === 'local')) sources.splice(2, 0, 'local')
  return (
    <div class="fields">
      <SelectField
        label={t('source')}
        value={source}
        options={sources.map(name => [name, t(name)] as const)}
        onSelect={name => props.change({ source: name as Transcription['source'] })}
      />
      {source === 'provider' && <ProviderFields {...props} />}
      {props.kind === 'transcription' && source === 'provider' && (
        <label class="check">
          <input
            type="checkbox"
            checked={props.choice.live}
            onChange={event => props.change({ live: event.currentTarget.checked })}
          />
          {t('live')}
        </label>
      )}
      {props.kind === 'speech' &&
        source !== 'none' &&
        (['en', 'zh'] as const).map(language => (
          <TextField
            key={language}
            label={t(language === 'en' ? 'voiceEn' : 'voiceZh')}
            hint={t('voiceHint')}
            value={props.choice.voices[language] ?? ''}
            pattern="[\\w.+:\\-]{1,64}"
            autocomplete="off"
            onText={text => props.change({ voices: { ...props.choice.voices, [language]: text || null } })}
          />
        ))}
    </div>
  )
}

function ProviderFields({ kind, choice, change }: ModelProps) {
  const { t } = useConsole(translator)
  const { data } = useLoaded('provider:list', { scope: 'organization', page: 1, page_size: 100 })
  const providers = (data?.items ?? []).filter(
    ({ provider_type, is_active }) =>
      is_active && provider_type !== 'anthropic' && provider_type !== 'ollama',
  )
  if (data && providers.length === 0) return <p class="muted">{t('noProviders')}</p>
  return (
    <>
      <SelectField
        label={t('providerName')}
        value={choice.provider_id ?? ''}
        options={[['', t('choose')], ...providers.map(({ id, name }) => [id, name] as const)]}
        onSelect={id => change({ provider_id: id || null })}
      />
      <TextField
        label={t('model')}
        hint={t(kind === 'transcription' ? 'transcriptionHint' : 'speechHint')}
        value={choice.model ?? ''}
        isRequired
        maxLength={speechModelMaxLength}
        autocomplete="off"
        onText={text => change({ model: text || null })}
      />
    </>
  )
}

interface FieldsProps {
  settings: VoiceSettings
  change(to: Partial<VoiceSettings>): void
}

/** In which languages, and whether the browser may help. */
export function WhoFields({ settings: { languages, browser }, change }: FieldsProps) {
  const { t } = useConsole(translator)
  return (
    <section class="card">
      <h2>{t('who')}</h2>
      <fieldset class="fields">
        <legend>{t('languages')}</legend>
        {(['en', 'zh'] as const).map(language => (
          <label class="check" key={language}>
            <input
              type="checkbox"
              checked={languages.includes(language)}
              onChange={({ currentTarget: { checked } }) =>
                change({
                  languages: (['en', 'zh'] as const).filter(other =>
                    other === language ? checked : languages.includes(other),
                  ),
                })
              }
            />
            {t(language === 'en' ? 'english' : 'chinese')}
          </label>
        ))}
      </fieldset>
      <label class="check">
        <input
          type="checkbox"
          checked={browser}
          onChange={event => change({ browser: event.currentTarget.checked })}
        />
        {t('browser')}
      </label>
      <small class="muted">{t('browserHint')}</small>
    </section>
  )
}

type Rows<G extends 'limits' | 'turn_taking'> = [
  name: keyof VoiceSettings[G] & string,
  word: keyof Words,
  min: number,
  max: number,
][]

const limitRows: Rows<'limits'> = [
  ['turn_seconds', 'turnSeconds', voiceMinSeconds, voiceMaxSeconds],
  ['speaking_minutes', 'speakingMinutes', 1, voiceDayMaxMinutes],
  ['listening_minutes', 'listeningMinutes', 1, voiceDayMaxMinutes],
  ['streams', 'streams', 1, voiceStreamsMax],
]

const turnRows: Rows<'turn_taking'> = [
  ['pause_ms', 'pause', turnTakingMinMs, turnTakingMaxMs],
  ['unfinished_pause_ms', 'unfinished', turnTakingMinMs, turnTakingMaxMs],
  ['interruption_ms', 'interruption', turnTakingMinMs, turnTakingMaxMs],
  ['false_interruption_ms', 'falseInterruption', turnTakingMinMs, turnTakingMaxMs],
]

export function LimitFields(props: FieldsProps) {
  return <NumberGroup {...props} group="limits" title="limits" text="limitsText" rows={limitRows} />
}

export function TurnFields(props: FieldsProps) {
  return <NumberGroup {...props} group="turn_taking" title="turns" text="turnsText" rows={turnRows} />
}

interface GroupProps<G extends 'limits' | 'turn_taking'> extends FieldsProps {
  group: G
  title: keyof Words
  text: keyof Words
  rows: Rows<G>
}

function NumberGroup<G extends 'limits' | 'turn_taking'>({
  settings,
  change,
  group,
  title,
  text,
  rows,
}: GroupProps<G>) {
  const { t } = useConsole(translator)
  const values = settings[group]
  return (
    <section class="card">
      <h2>{t(title)}</h2>
      <p class="muted">{t(text)}</p>
      <div class="fields">
        {rows.map(([name, word, min, max]) => (
          <NumberField
            key={name}
            label={t(word)}
            value={values[name] as number}
            min={min}
            max={max}
            isRequired
            onNumber={number => change({ [group]: { ...values, [name]: number } })}
          />
        ))}
      </div>
    </section>
  )
}
