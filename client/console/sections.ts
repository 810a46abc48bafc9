import type { ComponentType } from 'preact'
import type { Icon } from '../ui/icons.tsx'
import type { User } from '../ui/session.ts'
import type { Word } from './words.ts'

export interface Section {
  /** Its route and its word. */
  name: Word
  icon: Parameters<typeof Icon>[0]['name']
  /** The least role it is for. */
  least: 'agent' | 'admin'
  /** What stands together in the navigation; what belongs to oneself stands in the bar above it. */
  group: 'desk' | 'shop' | 'settings' | 'own'
  /** Fills the window instead of being a column of text. */
  isFull?: boolean
  load(): Promise<ComponentType>
}

/** What the navigation offers, in its order. Each is fetched when it is first shown. */
const sections: readonly Section[] = [
  {
    name: 'desk',
    icon: 'desk',
    least: 'agent',
    group: 'desk',
    isFull: true,
    load: () => import('./desk/desk/page.tsx').then(module => module.DeskView),
  },
  {
    name: 'figures',
    icon: 'chart',
    least: 'agent',
    group: 'desk',
    load: () => import('./desk/handoff/page.tsx').then(module => module.FiguresView),
  },
  {
    name: 'contacts',
    icon: 'contact',
    least: 'agent',
    group: 'desk',
    load: () => import('./desk/contact/page.tsx').then(module => module.ContactsView),
  },
  {
    name: 'replies',
    icon: 'slash',
    least: 'agent',
    group: 'desk',
    load: () => import('./desk/canned/page.tsx').then(module => module.RepliesView),
  },
  {
    name: 'macros',
    icon: 'bolt',
    least: 'agent',
    group: 'desk',
    load: () => import('./desk/macro/page.tsx').then(module => module.MacrosView),
  },
  {
    name: 'labels',
    icon: 'tag',
    least: 'admin',
    group: 'desk',
    load: () => import('./desk/label/page.tsx').then(module => module.LabelsView),
  },
  {
    name: 'overview',
    icon: 'gauge',
    least: 'admin',
    group: 'shop',
    load: () => import('./platform/statistics/page.tsx').then(module => module.OverviewView),
  },
  {
    name: 'questions',
    icon: 'question',
    least: 'admin',
    group: 'shop',
    load: () => import('./shop/question/page.tsx').then(module => module.QuestionsView),
  },
  {
    name: 'answers',
    icon: 'note',
    least: 'admin',
    group: 'shop',
    load: () => import('./shop/article/page.tsx').then(module => module.ArticlesView),
  },
  {
    name: 'ask',
    icon: 'search',
    least: 'admin',
    group: 'shop',
    load: () => import('./shop/question/ask.tsx').then(module => module.AskView),
  },
  {
    name: 'evaluations',
    icon: 'check',
    least: 'admin',
    group: 'shop',
    load: () => import('./shop/evaluation/page.tsx').then(module => module.EvaluationsView),
  },
  {
    name: 'products',
    icon: 'product',
    least: 'admin',
    group: 'shop',
    load: () => import('./shop/catalogue/page.tsx').then(module => module.ProductsView),
  },
  {
    name: 'documents',
    icon: 'document',
    least: 'admin',
    group: 'shop',
    load: () => import('./shop/knowledge/page.tsx').then(module => module.DocumentsView),
  },
  {
    name: 'widget',
    icon: 'chat',
    least: 'admin',
    group: 'shop',
    load: () => import('./platform/widget/page.tsx').then(module => module.WidgetView),
  },
  {
    name: 'models',
    icon: 'spark',
    least: 'admin',
    group: 'shop',
    load: () => import('./models/provider/page.tsx').then(module => module.ProvidersView),
  },
  {
    name: 'voice',
    icon: 'microphone',
    least: 'admin',
    group: 'shop',
    load: () => import('./chat/voice/page.tsx').then(module => module.VoiceView),
  },
  {
    name: 'usage',
    icon: 'coins',
    least: 'admin',
    group: 'shop',
    load: () => import('./models/usage/page.tsx').then(module => module.UsageView),
  },
  {
    name: 'service',
    icon: 'settings',
    least: 'admin',
    group: 'settings',
    load: () => import('./desk/service/page.tsx').then(module => module.SettingsView),
  },
  {
    name: 'staff',
    icon: 'people',
    least: 'admin',
    group: 'settings',
    load: () => import('./identity/people/page.tsx').then(module => module.StaffView),
  },
  {
    name: 'privacy',
    icon: 'shield',
    least: 'admin',
    group: 'settings',
    load: () => import('./identity/privacy/page.tsx').then(module => module.PrivacyView),
  },
  {
    name: 'identity',
    icon: 'key',
    least: 'admin',
    group: 'settings',
    load: () => import('./identity/identity/page.tsx').then(module => module.IdentityView),
  },
  {
    name: 'mail',
    icon: 'mail',
    least: 'admin',
    group: 'settings',
    load: () => import('./platform/mail/page.tsx').then(module => module.MailView),
  },
  {
    name: 'audit',
    icon: 'history',
    least: 'admin',
    group: 'settings',
    load: () => import('./identity/audit/page.tsx').then(module => module.AuditView),
  },
  {
    name: 'health',
    icon: 'pulse',
    least: 'admin',
    group: 'settings',
    load: () => import('./platform/system/page.tsx').then(module => module.HealthView),
  },
  {
    name: 'profile',
    icon: 'person',
    least: 'agent',
    group: 'own',
    load: () => import('./identity/profile/page.tsx').then(module => module.ProfileView),
  },
]

/** Those that a role may see; nothing for a customer's account. */
export function sectionsFor(role: User['role']): readonly Section[] {
  if (role === 'user') return []
  return role === 'agent' ? sections.filter(section => section.least === 'agent') : sections
}

/** `#/products` -> its section. An agent lands on the desk, an administrator on the overview. */
export function sectionOf(hash: string, role: User['role']): Section | undefined {
  const name = hash.replace(/^#\/?/, '').split('/')[0]
  const allowed = sectionsFor(role)
  return (
    allowed.find(section => section.name === name) ??
    allowed.find(section => section.name === 'overview') ??
    allowed[0]
  )
}
