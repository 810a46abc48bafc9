import { useState } from 'preact/hooks'
import { tagMaxLength, tagsMax } from '#protocol/core/limits'
import { Icon } from '../../../ui/icons.tsx'
import { Tag } from '../label/tag.tsx'
import { useDesk, useDeskState } from './context.ts'
import './tags-field.css'

/** So many labels are offered at a time; typing finds the others. */
const offeredMax = 12

interface Props {
  tags: string[]
  onChange(tags: string[]): void
}

/** The tags of a conversation: labels are offered, any other word can be typed. */
export function TagsField({ tags, onChange }: Props) {
  const { t } = useDesk()
  const { labels } = useDeskState()
  const [text, setText] = useState('')
  const isFull = tags.length >= tagsMax
  const typed = text.trim().toLowerCase()
  const offered = labels
    .filter(({ name }) => !tags.includes(name) && name.toLowerCase().includes(typed))
    .slice(0, offeredMax)

  function add(word: string) {
    const name = word.trim().slice(0, tagMaxLength)
    // What a label is called, however it was typed.
    const tag = labels.find(label => label.name.toLowerCase() === name.toLowerCase())?.name ?? name
    setText('')
    if (tag !== '' && !tags.includes(tag) && !isFull) onChange([...tags, tag])
  }

  return (
    <fieldset class="field tags-field">
      <legend>{t('tags')}</legend>
      {tags.length > 0 && (
        <ul>
          {tags.map(tag => (
            <li key={tag}>
              <Tag name={tag} labels={labels} />
              <button
                type="button"
                class="button quiet"
                aria-label={t('removeTag', { tag })}
                onClick={() => onChange(tags.filter(other => other !== tag))}
              >
                <Icon name="close" size={14} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <input
        class="input"
        aria-label={t('addTag')}
        placeholder={isFull ? t('tagsFull', { count: tagsMax }) : t('addTag')}
        disabled={isFull}
        maxLength={tagMaxLength}
        value={text}
        onInput={({ currentTarget: { value } }) => {
          if (/[,，、]$/.test(value)) add(value.slice(0, -1))
          else setText(value)
        }}
        onKeyDown={event => {
          if (event.key !== 'Enter' || event.isComposing || text.trim() === '') return
          event.preventDefault()
          add(text)
        }}
        onBlur={() => add(text)}
      />
      {!isFull && offered.length > 0 && (
        <div class="offered-tags">
          {offered.map(({ id, name }) => (
            // Before the field is left: what is typed in it is not what was meant.
            <button
              key={id}
              type="button"
              onMouseDown={event => event.preventDefault()}
              onClick={() => add(name)}
            >
              <Tag name={name} labels={labels} />
            </button>
          ))}
        </div>
      )}
    </fieldset>
  )
}
