import { useEffect, useMemo, useState } from 'preact/hooks'
import { createClientStorage } from '../sdk/storage.ts'
import { connectSigned } from '../ui/connect.ts'
import { useLanguage, useTheme } from '../ui/page.ts'
import { PageTools } from '../ui/page-tools.tsx'
import { chatPrefix, createSession, type User } from '../ui/session.ts'
import { createToasts } from '../ui/toasts.tsx'
import { useStore } from '../ui/use-store.ts'
import { ChatContext, PageContext, usePage } from './context.ts'
import { createConversations } from './conversations.ts'
import { createCurrent } from './current.ts'
import { SignIn } from './sign-in.tsx'
import { translator } from './words.ts'
import { Workspace } from './workspace.tsx'

export function App() {
  const [session] = useState(createSession)
  const [toasts] = useState(createToasts)
  const [language, setLanguage] = useLanguage()
  const toggleTheme = useTheme()
  const { user } = useStore(session)
  const t = translator(language)
  const context = useMemo(() => ({ session, toasts, language, t }), [session, toasts, language])
  const tools = <PageTools language={language} t={t} onLanguage={setLanguage} onTheme={toggleTheme} />
  return (
    <PageContext.Provider value={context}>
      {user ? <SignedIn key={user.id} user={user} tools={tools} /> : <SignIn tools={tools} />}
      <toasts.View />
    </PageContext.Provider>
  )
}

/** Everything here is of one person, and goes with them. */
function SignedIn({ user, tools }: { user: User; tools: preact.JSX.Element }) {
  const page = usePage()
  const parts = useMemo(() => {
    const storage = createClientStorage(chatPrefix)
    const client = connectSigned(page.session, { namespace: 'visitor', storage, language: page.language })
    const conversations = createConversations(client)
    return { client, conversations, current: createCurrent(client, conversations) }
  }, [user.id])
  const context = useMemo(() => ({ ...page, ...parts }), [page, parts])

  useEffect(
    () => () => {
      parts.current.close()
      parts.client.disconnect()
    },
    [parts],
  )
  useEffect(() => parts.client.setLanguage(page.language), [parts, page.language])

  return (
    <ChatContext.Provider value={context}>
      <Workspace user={user} tools={tools} />
    </ChatContext.Provider>
  )
}
