import type { Label } from '#protocol/desk/label'
import './tag.css'

/** A tag in the colour of its label; grey where it is a word of its own. */
export function Tag({ name, labels }: { name: string; labels: readonly Pick<Label, 'name' | 'color'>[] }) {
  const color = labels.find(label => label.name === name)?.color ?? 'grey'
  return (
    <span class={`tag name ${color === 'grey' ? '' : `colored ${color}`}`} title={name}>
      {name}
    </span>
  )
}
