import { useEffect, useMemo, useState } from 'preact/hooks'
import { Icon } from '../ui/icons.tsx'
import { useLanguage, useTheme } from '../ui/page.ts'
import icon from '../ui/parley.svg'
import { createToasts } from '../ui/toasts.tsx'
import { useStore } from '../ui/use-store.ts'
import { ConsoleContext, useConsole } from './context.ts'
import { type Section, sectionOf, sections } from './sections.ts'
import { createSession, type User } from './session.ts'
import { SignIn } from './sign-in.tsx'
import { translator } from './words.ts'

export function App() {
  const [session] = useState(createSession)
  const [toasts] = useState(createToasts)
  const [language, setLanguage] = useLanguage()
  const toggleTheme = useTheme()
  const { user } = useStore(session)
  const t = translator(language)
  const context = useMemo(() => ({ session, toasts, language, t }), [session, toasts, language])

  const tools = (
    <>
      <button
        type="button"
        class="button quiet"
        lang={language === 'zh' ? 'en' : 'zh-CN'}
        aria-label={t('languageLabel')}
        onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')}
      >
        <Icon name="globe" size={18} />
        {t('language')}
      </button>
      <button
        type="button"
        class="button quiet"
        aria-label={t('theme')}
        title={t('theme')}
        onClick={toggleTheme}
      >
        <Icon name="contrast" size={18} />
      </button>
    </>
  )

  return (
    <ConsoleContext.Provider value={context}>
      {user ? <Workplace user={user} tools={tools} /> : <SignIn tools={tools} />}
      <toasts.View />
    </ConsoleContext.Provider>
  )
}

function Workplace({ user, tools }: { user: User; tools: preact.JSX.Element }) {
  const { session, t } = useConsole()
  const section = useSection()
  const name = user.name ?? user.username ?? user.email

  useEffect(() => {
    document.title = `${t(section.name)} · Parley`
  }, [section, t])

  return (
    <div class="workplace">
      <button type="button" class="skip button" onClick={() => document.getElementById('main')?.focus()}>
        {t('skip')}
      </button>
      <header class="bar">
        <a class="brand" href="#/">
          <img src={icon} alt="" width="30" height="30" />
          <strong>Parley</strong>
        </a>
        <nav aria-label={t('sections')}>
          {sections.map(({ name, icon }) => (
            <a key={name} href={`#/${name}`} aria-current={name === section.name ? 'page' : undefined}>
              <Icon name={icon} size={18} />
              <span>{t(name)}</span>
            </a>
          ))}
        </nav>
        <div class="tools">
          {tools}
          <button
            type="button"
            class="button quiet"
            aria-label={`${t('signOut')} (${name})`}
            title={`${t('signOut')} (${name})`}
            onClick={() => session.signOut()}
          >
            <Icon name="leave" size={18} />
          </button>
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        <h1>{t(section.name)}</h1>
        <section.View key={section.name} />
      </main>
    </div>
  )
}

function useSection(): Section {
  const [section, setSection] = useState(() => sectionOf(location.hash))
  useEffect(() => {
    const follow = () => setSection(sectionOf(location.hash))
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [])
  return section
}
