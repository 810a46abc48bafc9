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
