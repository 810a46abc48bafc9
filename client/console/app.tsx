import { useEffect, useMemo, useState } from 'preact/hooks'
import { Avatar } from '../ui/avatar.tsx'
import { Icon } from '../ui/icons.tsx'
import { Lazy } from '../ui/lazy.tsx'
import { useLanguage, useTheme } from '../ui/page.ts'
import { PageTools } from '../ui/page-tools.tsx'
import icon from '../ui/parley.svg'
import { createSession, type User } from '../ui/session.ts'
import { createToasts } from '../ui/toasts.tsx'
import { useStore } from '../ui/use-store.ts'
import { ConsoleContext, useConsole } from './context.ts'
import { createDeskLoader } from './desk-loader.ts'
import { type PasswordLink, passwordLinkOf } from './new-password.tsx'
import { personLabel } from './person-label.ts'
import { Rail } from './rail.tsx'
import { type Section, sectionOf } from './sections.ts'
import { SignIn } from './sign-in.tsx'
import { Empty, Skeleton } from './state.tsx'
import { translator } from './words.ts'

export function App() {
  const [session] = useState(createSession)
  const [toasts] = useState(createToasts)
  const [language, setLanguage] = useLanguage()
  const toggleTheme = useTheme()
  const { user } = useStore(session)
  const t = translator(language)
  const deskLoader = useMemo(() => createDeskLoader(session, toasts), [session, toasts])
  const context = useMemo(
    () => ({ session, toasts, language, t, deskLoader }),
    [session, toasts, language, deskLoader],
  )
  const [passwordLink, leavePasswordLink] = usePasswordLink()
  const tools = <PageTools language={language} t={t} onLanguage={setLanguage} onTheme={toggleTheme} />

  return (
    <ConsoleContext.Provider value={context}>
      {user && !passwordLink ? (
        <Workplace key={user.id} user={user} tools={tools} />
      ) : (
        <SignIn key={passwordLink?.code} link={passwordLink} tools={tools} onLeaveLink={leavePasswordLink} />
      )}
      <toasts.View />
    </ConsoleContext.Provider>
  )
}

/** The code of a mail's link, which does not stay in the address or in the history of the browser. */
function usePasswordLink(): [PasswordLink | null, () => void] {
  const [link, setLink] = useState<PasswordLink | null>(null)
  useEffect(() => {
    function follow() {
      const found = passwordLinkOf(location.hash)
      if (!found) return
      setLink(found)
      history.replaceState(null, '', `${location.pathname}#/`)
    }
    follow()
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [])
  return [link, () => setLink(null)]
}

function Workplace({ user, tools }: { user: User; tools: preact.JSX.Element }) {
  const { session, deskLoader, t } = useConsole()
  const section = useSection(user.role)
  const { attention, Status } = useStore(deskLoader)
  const name = personLabel(user)
  const title = section ? t(section.name) : t('console')

  useEffect(() => {
    document.title = `${attention ? `(${attention}) ` : ''}${title} · Parley`
  }, [title, attention])

  // An agent is there on every page; an administrator once the desk was opened.
  useEffect(() => {
    if (user.role === 'agent') void deskLoader.open()
  }, [user.role, deskLoader])
  useEffect(() => deskLoader.close, [deskLoader])

  return (
    <div class="workplace">
      <button type="button" class="skip button" onClick={() => document.getElementById('main')?.focus()}>
        {t('skip')}
      </button>
      <header class="bar">
        <a class="brand" href="#/" aria-label="Parley">
          <img src={icon} alt="" width="30" height="30" />
          <strong>Parley</strong>
        </a>
        <div class="tools">
          {Status && <Status />}
          {tools}
          {user.role !== 'user' && (
            <a
              class="own"
              href="#/profile"
              aria-label={`${t('profile')} (${name})`}
              title={`${t('profile')} (${name})`}
              aria-current={section?.name === 'profile' ? 'page' : undefined}
            >
              <Avatar name={name} />
            </a>
          )}
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
      <Rail role={user.role} current={section} attention={attention} />
      <main id="main" class={section?.isFull ? 'full' : undefined} tabIndex={-1}>
        <h1 class={section?.isFull ? 'hidden' : undefined}>{title}</h1>
        {section ? (
          <Lazy
            key={section.name}
            load={section.load}
            failed={<Empty title={t('notLoaded')} text={t('notLoadedText')} />}
          >
            <Skeleton label={t('loading')} />
          </Lazy>
        ) : (
          <Empty title={t('noAccess')} text={t('noAccessText')} />
        )}
      </main>
    </div>
  )
}

function useSection(role: User['role']): Section | undefined {
  const [section, setSection] = useState(() => sectionOf(location.hash, role))
  useEffect(() => {
    const follow = () => setSection(sectionOf(location.hash, role))
    follow()
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [role])
  return section
}
