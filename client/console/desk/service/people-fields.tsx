import './people-fields.css'
import type { Agent } from '#protocol'

interface Props {
  label: string
  /** Instead of names, where there are none. */
  none: string
  people: Agent[]
  chosen: string[]
  onChoose(ids: string[]): void
}

/** Colleagues to be ticked. */
export function PeopleFields({ label, none, people, chosen, onChoose }: Props) {
  return (
    <fieldset class="members">
      <legend>{label}</legend>
      {people.length === 0 && <p class="muted">{none}</p>}
      {people.map(({ id, name }) => (
        <label key={id} class="check">
          <input
            type="checkbox"
            checked={chosen.includes(id)}
            onChange={({ currentTarget: { checked } }) => {
              const others = chosen.filter(each => each !== id)
              onChoose(checked ? [...others, id].sort() : others)
            }}
          />
          {name ?? id.slice(-4)}
        </label>
      ))}
    </fieldset>
  )
}
