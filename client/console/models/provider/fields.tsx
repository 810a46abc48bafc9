import { temperatureMax } from '#protocol/core/limits'
import type { Provider } from '#protocol/models/provider'
import { useConsole } from '../../context.ts'
import { NumberField, SelectField, TextField } from '../../fields.tsx'
import { presets } from './presets.ts'
import { translator } from './words.ts'

/** Named as the server names them. */
export interface Values
  extends Pick<Provider, 'name' | 'provider_type' | 'api_base_url' | 'is_active' | 'priority'> {
  api_key: string
  config: { model: string; temperature: number | null; max_tokens: number | null }
}

/** As stored, or as one that is made begins. */
export function valuesOf(provider: Provider | null): Values {
  const { model, temperature, max_tokens } = provider?.config ?? {}
  return {
    name: provider?.name ?? '',
    provider_type: provider?.provider_type ?? 'openai',
    api_base_url: provider?.api_base_url ?? '',
    api_key: '',
    is_active: provider?.is_active ?? true,
    priority: provider ? provider.priority : 1,
    config: { model: model ?? '', temperature: temperature ?? null, max_tokens: max_tokens ?? null },
  }
}

interface FieldsProps {
  values: Values
  change(to: Partial<Values>): void
}

/** @param stored null for a new one */
export function ProviderFields({ stored, values, change }: FieldsProps & { stored: Provider | null }) {
  const { t } = useConsole(translator)
  const { name, provider_type, api_base_url, api_key, is_active, priority, config } = values
  const hasOwnAddress = !stored && provider_type !== 'custom' && provider_type !== 'azure'
  const changeConfig = (to: Partial<Values['config']>) => change({ config: { ...config, ...to } })
  return (
    <>
      {!stored && <PresetField values={values} change={change} />}
      <TextField
        label={t('name')}
        value={name}
        isRequired
        autocomplete="off"
        onText={text => change({ name: text })}
      />
      <TextField
        label={t('address')}
        hint={hasOwnAddress ? t('addressHint') : undefined}
        type="url"
        value={api_base_url}
        isRequired={!hasOwnAddress}
        pattern="https?://.*"
        autocomplete="off"
        onText={text => change({ api_base_url: text })}
      />
      <TextField
        label={t('key')}
        hint={t(stored?.has_key ? 'keyStays' : 'keyHint')}
        type="password"
        // A key is none of the browser's passwords.
        autocomplete="new-password"
        value={api_key}
        onText={text => change({ api_key: text })}
      />
      <TextField
        label={t('model')}
        hint={t('modelHint')}
        value={config.model}
        isRequired
        autocomplete="off"
        onText={text => changeConfig({ model: text })}
      />
      <NumberField
        label={t('line')}
        hint={t('lineHint')}
        value={priority}
        onNumber={place => change({ priority: place })}
      />
      <NumberField
        label={t('temperature')}
        value={config.temperature}
        max={temperatureMax}
        step="any"
        onNumber={temperature => changeConfig({ temperature })}
      />
      <NumberField
        label={t('maxTokens')}
        value={config.max_tokens}
        min={1}
        onNumber={max_tokens => changeConfig({ max_tokens })}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={is_active}
          onChange={event => change({ is_active: event.currentTarget.checked })}
        />
        {t('active')}
      </label>
    </>
  )
}

/** What fills in the rest. */
function PresetField({ values, change }: FieldsProps) {
  const { t } = useConsole(translator)
  const chosen = presets.find(({ name }) => name === values.name)
  return (
    <SelectField
      label={t('preset')}
      value={chosen?.name ?? ''}
      options={[['', t('other')], ...presets.map(({ name }) => [name, name] as const)]}
      onSelect={name => {
        const preset = presets.find(entry => entry.name === name)
        const { model = '', ...fields } = preset ?? {
          provider_type: 'custom' as const,
          name: '',
          api_base_url: '',
        }
        change({ ...fields, config: { ...values.config, model } })
      }}
    />
  )
}
