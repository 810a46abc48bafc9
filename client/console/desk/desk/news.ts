import type { Toasts } from '../../../ui/toasts.tsx'
import type { Alerts } from './alerts.ts'
import type { T, Word } from './words.ts'

/** What an agent is told of wherever they look. */
type NewsKind = 'waiting' | 'assigned' | 'message' | 'mention' | 'returned' | 'overdue' | 'due'

export interface News {
  kind: NewsKind
  conversationId: string | null
  /** Whom it is about. */
  name: string
  text: string
}

/** What is said of one, and of a crowd; `toast` where it is said on the page too. */
const sentences: Record<NewsKind, { one: Word; many: Word; toast?: keyof Pick<Toasts, 'say' | 'warn'> }> = {
  waiting: { one: 'waitingNotice', many: 'waitingNotices' },
  assigned: { one: 'assignedNotice', many: 'assignedNotices' },
  message: { one: 'messageNotice', many: 'messageNotices' },
  mention: { one: 'mentionNotice', many: 'mentionNotices', toast: 'say' },
  returned: { one: 'returnedNotice', many: 'returnedNotices', toast: 'warn' },
  due: { one: 'dueNotice', many: 'dueNotices', toast: 'say' },
  overdue: { one: 'overdueNotice', many: 'overdueNotices', toast: 'warn' },
}

/** What comes within this is a crowd: told of in one sentence. */
const gatherMs = 300
/** As long as its toast is shown, a crowd grows. */
const crowdMs = 6000

interface Options {
  alerts: Alerts
  toasts: Toasts
  words(): T
  show(conversationId: string): void
}

/** Tells of what has happened, once it has: of one by name, of a crowd by number. */
export function createNews({ alerts, toasts, words, show }: Options) {
  const gathered = new Map<NewsKind, News[]>()
  /** What the last toast of a kind was about, and until when it is shown. */
  const crowds = new Map<NewsKind, { news: News[]; until: number }>()
  let timer: ReturnType<typeof setTimeout> | undefined

  function publish() {
    timer = undefined
    for (const [kind, news] of gathered) {
      announce(kind, news)
      const { toast } = sentences[kind]
      if (toast) toasts[toast](sentenceOf(kind, crowdOf(kind, news)), kind)
    }
    gathered.clear()
  }

  function announce(kind: NewsKind, news: News[]) {
    const newest = news.at(-1) as News
    const { conversationId } = newest
    const isOne = new Set(news.map(({ conversationId }) => conversationId)).size === 1
    alerts.alert({
      title: isOne ? sentenceOf(kind, [newest]) : sentenceOf(kind, news),
      text: isOne ? newest.text : '',
      topic: isOne ? `${kind}:${conversationId}` : kind,
      onOpen: () => isOne && conversationId && show(conversationId),
    })
  }

  function crowdOf(kind: NewsKind, news: News[]): News[] {
    const now = performance.now()
    const crowd = crowds.get(kind)
    const all = crowd && crowd.until > now ? [...crowd.news, ...news] : news
    crowds.set(kind, { news: all, until: now + crowdMs })
    return all
  }

  function sentenceOf(kind: NewsKind, news: News[]): string {
    const { one, many } = sentences[kind]
    const [first] = news
    return news.length === 1 && first
      ? words()(one, { name: first.name })
      : words()(many, { count: news.length })
  }

  return {
    tell(news: News) {
      gathered.set(news.kind, [...(gathered.get(news.kind) ?? []), news])
      timer ??= setTimeout(publish, gatherMs)
    },
    stop: () => clearTimeout(timer),
  }
}
