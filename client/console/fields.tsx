import { useId, useState } from 'preact/hooks'
import { serviceMaxSeconds } from '#protocol/core/limits'
import { useConsole } from './context.ts'

interface TextProps {
  label: string
  hint?: string
  type?: 'text' | 'url' | 'email' | 'password'
  value: string
  isRequired?: boolean
  minLength?: number
  maxLength?: number
  pattern?: string
  placeholder?: string
  autocomplete?: string
  lang?: string
  /** The id of its suggestions. */
  list?: string
  onText(text: string): void
}

export function TextField({ label, hint, type = 'text', isRequired, onText, ...props }: TextProps) {
  const hintId = useId()
  return (
    <label class="field">
      {label}
      <input
        {...props}
        class="input"
        type={type as 'text'}
        required={isRequired}
        aria-describedby={hint && hintId}
        onInput={event => onText(event.currentTarget.value)}
      />
      {hint && (
        <small id={hintId} class="muted">
          {hint}
        </small>
      )}
    </label>
  )
}

interface NumberProps {
  label: string
  hint?: string
  /** Null is shown as empty. */
  value: number | null
  min?: number
  max?: number
  /** `any` lets decimals in. */
  step?: 'any'
  isRequired?: boolean
  onNumber(value: number | null): void
}

export function NumberField({ label, hint, value, min = 0, max, step, isRequired, onNumber }: NumberProps) {
  return (
    <label class="field">
      {label}
      <input
        class="input"
        type="number"
        value={value ?? ''}
        min={min}
        max={max}
        step={step}
        required={isRequired}
        onInput={({ currentTarget }) =>
          onNumber(currentTarget.value === '' ? null : currentTarget.valueAsNumber)
        }
      />
      {hint && <small class="muted">{hint}</small>}
    </label>
  )
}

const units = [
  ['unitHours', 3600],
  ['unitMinutes', 60],
  ['unitSeconds', 1],
] as const

type Unit = (typeof units)[number][0]

interface DurationProps {
  label: string
  hint?: string
  /** In seconds; null is shown as empty. */
  value: number | null
  onSeconds(value: number | null): void
}

/** A time as people say it: in the greatest unit that it is whole in, until another is chosen. */
export function DurationField({ label, hint, value, onSeconds }: DurationProps) {
  const { t } = useConsole()
  const whole = units.find(([, seconds]) => value !== null && value % seconds === 0)?.[0] ?? 'unitMinutes'
  const [chosen, setChosen] = useState<Unit | null>(null)
  const unit = chosen ?? whole
  const seconds = units.find(([name]) => name === unit)?.[1] ?? 1
  const id = useId()

  function change(amount: number | null, by: number) {
    onSeconds(amount === null ? null : Math.round(amount * by))
  }

  return (
    <div class="field">
      <label for={id}>{label}</label>
      <span class="duration">
        <input
          id={id}
          class="input"
          type="number"
          value={value === null ? '' : value / seconds}
          min={1 / seconds}
          max={serviceMaxSeconds / seconds}
          step="any"
          onInput={({ currentTarget }) => {
            setChosen(unit)
            change(currentTarget.value === '' ? null : currentTarget.valueAsNumber, seconds)
          }}
        />
        <select
          class="input select"
          aria-label={`${label}: ${t(unit)}`}
          value={unit}
          onChange={({ currentTarget }) => {
            const [name, by] = units.find(([name]) => name === currentTarget.value) ?? units[1]
            setChosen(name)
            change(value === null ? null : value / seconds, by)
          }}
        >
          {units.map(([name]) => (
            <option key={name} value={name}>
              {t(name)}
            </option>
          ))}
        </select>
      </span>
      {hint && <small class="muted">{hint}</small>}
    </div>
  )
}

interface SelectProps<V extends string> {
  label: string
  value: V
  options: readonly (readonly [value: NoInfer<V>, label: string])[]
  onSelect(value: NoInfer<V>): void
}

export function SelectField<V extends string>({ label, value, options, onSelect }: SelectProps<V>) {
  return (
    <label class="field">
      {label}
      <select class="input select" value={value} onChange={event => onSelect(event.currentTarget.value as V)}>
        {options.map(([option, name]) => (
          <option key={option} value={option}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}

interface DayProps {
  label: string
  /** `YYYY-MM-DD`; empty for none. */
  value: string
  min?: string
  onDay(day: string): void
}

export function DayField({ label, onDay, ...props }: DayProps) {
  return (
    <label class="field">
      {label}
      <input {...props} class="input" type="date" onInput={event => onDay(event.currentTarget.value)} />
    </label>
  )
}
