import './page.css'
import type { OperationOutput } from '#protocol'
import type { VoiceSettings } from '#protocol/chat/voice'
import type { Changes } from '../../../ui/form.ts'
import { useConsole, useLoaded } from '../../context.ts'
import { SettingsForm } from '../../settings-form.tsx'
import { Loading } from '../../state.tsx'
import { LimitFields, ModelFields, TurnFields, WhoFields } from './fields.tsx'
import { Try } from './try.tsx'
import { translator } from './words.ts'

type InUse = OperationOutput<'voice:settings'>['transcriber']

/** What understands and speaks, how much of it, and a place to try it. */
export function VoiceView() {
  const { session, t } = useConsole(translator)
  const loaded = useLoaded('voice:settings', {})

  async function save(changes: Changes<VoiceSettings>, values: VoiceSettings) {
    // Each group goes as a whole.
    const names = Object.keys(changes) as (keyof VoiceSettings)[]
    await session.call('voice:set', Object.fromEntries(names.map(name => [name, values[name]])))
    loaded.reload()
  }

  return (
    <>
      <Loading of={loaded}>
        {({ settings, transcriber, synthesizer, has_local_voice }) => (
          <SettingsForm stored={settings} onSave={save}>
            {(values, change) => (
              <>
                <section class="card" data-group="transcription">
                  <h2>{t('transcription')}</h2>
                  <p class="muted">{t('transcriptionText')}</p>
                  <State inUse={transcriber} />
                  <ModelFields
                    kind="transcription"
                    choice={values.transcription}
                    change={to => change({ transcription: { ...values.transcription, ...to } })}
                  />
                </section>
                <section class="card" data-group="speech">
                  <h2>{t('speech')}</h2>
                  <p class="muted">{t('speechText')}</p>
                  <State inUse={synthesizer} />
                  <ModelFields
                    kind="speech"
                    choice={values.speech}
                    hasLocalVoice={has_local_voice}
                    change={to => change({ speech: { ...values.speech, ...to } })}
                  />
                </section>
                <WhoFields settings={values} change={change} />
                <LimitFields settings={values} change={change} />
                <TurnFields settings={values} change={change} />
              </>
            )}
          </SettingsForm>
        )}
      </Loading>
      <Try />
    </>
  )
}

/** What serves now, and until when. */
function State({ inUse }: { inUse: InUse }) {
  const { t } = useConsole(translator)
  if (!inUse) return <p class="muted">{t('nowOff')}</p>
  const { provider, model, ends_on: date, replacement } = inUse
  const isOver = date !== null && date <= new Date().toISOString().slice(0, 10)
  return (
    <>
      <p>{t('nowBy', { model, provider })}</p>
      {date !== null && (
        <p class="problem" role="status">
          {isOver
            ? t('ended', { model, date })
            : replacement === null
              ? t('ends', { model, date })
              : t('endsBy', { model, date, replacement })}
        </p>
      )}
    </>
  )
}
