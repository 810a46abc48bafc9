import type { ComponentChildren } from 'preact'
import { basePath } from '../ui/base-path.ts'
import type { Language } from '../ui/i18n.ts'
import { useLanguage, useTheme } from '../ui/page.ts'
import { PageTools } from '../ui/page-tools.tsx'
import { parley } from './embed.ts'
import { type T, translator } from './words.ts'

export interface PageProps {
  t: T
  language: Language
}

/** Header and footer around a page, which is told the language. */
export function Shell({ children }: { children: (props: PageProps) => ComponentChildren }) {
  const [language, setLanguage] = useLanguage()
  const toggleTheme = useTheme()
  const t = translator(language)

  function switchLanguage(other: Language) {
    setLanguage(other)
    parley('setLanguage', other)
  }

  return (
    <div class="shell">
      <header class="top">
        <a class="brand" href={`${basePath}/`}>
          <Mark />
          <span>
            <strong>{t('name')}</strong>
            <small>{t('tagline')}</small>
          </span>
        </a>
        <nav>
          <PageTools language={language} t={t} onLanguage={switchLanguage} onTheme={toggleTheme} />
        </nav>
      </header>
      <main>{children({ t, language })}</main>
      <footer>
        <p>{t('footer')}</p>
        <p>
          <a href={`${basePath}/console`}>{t('console')}</a> <a href={`${basePath}/docs`}>{t('docs')}</a>
        </p>
      </footer>
    </div>
  )
}

function Mark() {
  return (
    <svg width="36" height="36" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="9" fill="var(--accent)" />
      <path
        d="M16 25V11m0 6c-4 0-6-2-6-6 4 0 6 2 6 6Zm0 4c4 0 6-2 6-6-4 0-6 2-6 6Z"
        fill="none"
        stroke="var(--on-accent)"
        stroke-width="2"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  )
}
