import { type Language, languageWords, nextLanguage } from './i18n.ts'
import { Icon } from './icons.tsx'

interface Props {
  language: Language
  t(key: 'theme'): string
  onLanguage(language: Language): void
  onTheme(): void
}

/** The switches for language and for light or dark that every page of ours has. */
export function PageTools({ language, t, onLanguage, onTheme }: Props) {
  const next = nextLanguage(language)
  const { tag, name, choose } = languageWords[next]
  return (
    <>
      <button
        type="button"
        class="button quiet"
        lang={tag}
        aria-label={choose}
        onClick={() => onLanguage(next)}
      >
        <Icon name="globe" size={18} />
        {name}
      </button>
      <button type="button" class="button quiet" aria-label={t('theme')} title={t('theme')} onClick={onTheme}>
        <Icon name="contrast" size={18} />
      </button>
    </>
  )
}
