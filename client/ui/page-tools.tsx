import type { Language } from './i18n.ts'
import { Icon } from './icons.tsx'

interface Props {
  language: Language
  /** `language` is the other language's name for itself. */
  t(key: 'language' | 'languageLabel' | 'theme'): string
  onLanguage(language: Language): void
  onTheme(): void
}

/** The switches for language and for light or dark that every page of ours has. */
export function PageTools({ language, t, onLanguage, onTheme }: Props) {
  const other = language === 'zh' ? 'en' : 'zh'
  return (
    <>
      <button
        type="button"
        class="button quiet"
        lang={other === 'en' ? 'en' : 'zh-CN'}
        aria-label={t('languageLabel')}
        onClick={() => onLanguage(other)}
      >
        <Icon name="globe" size={18} />
        {t('language')}
      </button>
      <button type="button" class="button quiet" aria-label={t('theme')} title={t('theme')} onClick={onTheme}>
        <Icon name="contrast" size={18} />
      </button>
    </>
  )
}
