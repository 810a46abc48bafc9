import './page.css'
import type { WidgetSettings } from '#protocol/platform/widget'
import { basePath } from '../../../ui/base-path.ts'
import { useConsole, useLoaded } from '../../context.ts'
import { Snippet } from '../../copy-button.tsx'
import { SettingsForm } from '../../settings-form.tsx'
import { Loading } from '../../state.tsx'
import { LookFields, TextFields } from './fields.tsx'
import { Preview } from './preview.tsx'
import { translator } from './words.ts'

export interface FieldsProps {
  settings: WidgetSettings
  defaults: WidgetSettings
  change(to: Partial<WidgetSettings>): void
}

/** How a site gets the chat, and how it looks there. */
export function WidgetView() {
  const { session, t } = useConsole(translator)
  const loaded = useLoaded('widget:settings', {})

  async function save(changed: (keyof WidgetSettings)[], values: WidgetSettings) {
    await session.call('widget:set', Object.fromEntries(changed.map(name => [name, values[name]])))
    loaded.reload()
  }

  return (
    <>
      <section class="card part">
        <h2>{t('install')}</h2>
        <p class="muted">{t('installText')}</p>
        <Snippet code={snippet()} label={t('copy')} />
        <p class="muted origins">{t('originsText')}</p>
      </section>
      <Loading of={loaded}>
        {({ settings, defaults }) => (
          <SettingsForm
            stored={settings}
            onSave={(changes, values) => save(Object.keys(changes) as (keyof WidgetSettings)[], values)}
          >
            {(values, change) => (
              <div class="look">
                <div class="settings">
                  <section class="card">
                    <h2>{t('look')}</h2>
                    <LookFields settings={values} defaults={defaults} change={change} />
                  </section>
                  <section class="card">
                    <h2>{t('texts')}</h2>
                    <p class="muted">{t('textsText')}</p>
                    <TextFields settings={values} defaults={defaults} change={change} />
                  </section>
                </div>
                <Preview settings={values} />
              </div>
            )}
          </SettingsForm>
        )}
      </Loading>
    </>
  )
}

function snippet(): string {
  return `<script>
  window.Parley ??= []
  Parley.push(['init', {}])
</script>
<script src="${location.origin}${basePath}/widget.js" async></script>`
}
