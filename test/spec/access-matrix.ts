import type { OperationName, Role } from '#protocol'

/** What an id names. Things of a conversation belong to its visitor, the others to the installation. */
export type Kind =
  | 'conversation'
  | 'message'
  | 'handoff'
  | 'document'
  | 'article'
  | 'question'
  | 'case'
  | 'run'
  | 'version'
  | 'account'
  | 'mail'
  | 'price'
  | 'provider'
  | 'memory'
  | 'budget'
  | 'canned'
  | 'team'
  | 'label'
  | 'macro'
  | 'contact'
  | 'upload'
  /** Names nothing that somebody owns: a filter, a model, a product of the shop. */
  | 'open'

export interface Row {
  /** The least role that is let in. Written here by hand: it must not follow the definition. */
  least: Role
  /** Every field of the input that takes an id. */
  ids?: Readonly<Record<string, Kind>>
  /** The other fields of a valid input. */
  input?: Readonly<Record<string, unknown>>
  /** What a valid input names beside what is tried, open to whoever may call. */
  beside?: Readonly<Record<string, Kind>>
}

const ofConversation = { conversation_id: 'conversation' } as const
const ofMessage = { message_id: 'message' } as const
const ofHandoff = { handoff_id: 'handoff' } as const
const asking = { least: 'anyone', ids: { session_id: 'conversation' }, input: { message: 'Hello' } } as const
const password = 'a long enough password'
const person = { username: 'matrix', email: 'matrix@mail.example', password }

/** Law S2. The compiler asks for a row for every operation; test/spec/access.test.ts asks for every id in it. */
export const matrix: Readonly<Record<OperationName, Row>> = {
  'conversation:open': { least: 'visitor', ids: ofConversation },
  'conversation:list': { least: 'visitor', ids: { provider_id: 'open' } },
  'conversation:search': { least: 'visitor', input: { query: 'Hello' } },
  'conversation:history': { least: 'visitor', ids: ofConversation },
  'conversation:update': {
    least: 'visitor',
    ids: { ...ofConversation, provider_id: 'open' },
    input: { title: 'T' },
  },
  'conversation:snooze': { least: 'agent', ids: ofConversation, input: { until: null } },
  'conversation:unsnooze': { least: 'agent', ids: ofConversation },
  'conversation:reopen': { least: 'agent', ids: ofConversation },
  'conversation:delete': { least: 'visitor', ids: ofConversation },
  'message:send': {
    least: 'visitor',
    // What it follows is a message of that conversation, or not found: test/chat/branches.test.ts.
    ids: { ...ofConversation, provider_id: 'open', parent_id: 'open' },
    input: { content: 'Hello' },
  },
  'message:read': { least: 'visitor', ids: ofConversation, input: { seq: 0 } },
  'message:feedback': { least: 'visitor', ids: ofMessage, input: { rating: 1 } },
  'message:retract': { least: 'agent', ids: ofMessage },
  'message:edit': { least: 'agent', ids: ofMessage, input: { content: 'Corrected' } },
  'message:redact': { least: 'admin', ids: ofMessage },
  'typing:set': { least: 'visitor', ids: ofConversation, input: { typing: true } },
  'reply:stop': { least: 'visitor', ids: ofMessage },
  'reply:rejoin': { least: 'visitor', ids: ofMessage, input: { offset: 0 } },
  'reply:regenerate': { least: 'visitor', ids: { ...ofMessage, provider_id: 'open' } },
  'reply:guide': { least: 'agent', ids: ofConversation, input: { content: 'A hint' } },
  'voice:start': { least: 'visitor', ids: ofConversation, input: { mime: 'audio/pcm' } },
  'voice:chunk': { least: 'visitor', ids: { stream_id: 'open' } },
  'voice:end': { least: 'visitor', ids: { stream_id: 'open' } },
  'voice:cancel': { least: 'visitor', ids: { stream_id: 'open' } },
  'voice:transcribe': { least: 'visitor' },
  'voice:settings': { least: 'admin' },
  'voice:set': { least: 'admin' },
  'voice:try': { least: 'admin' },
  'speech:try': { least: 'admin', input: { text: 'Hello' } },
  'speech:start': { least: 'visitor', ids: ofMessage },
  'speech:stop': { least: 'visitor', ids: { speech_id: 'open' }, input: { played_ms: 0 } },
  'speech:create': { least: 'visitor', input: { text: 'Hello' } },
  'speech:audio': { least: 'visitor', ids: { audio_id: 'open' } },
  'handoff:request': { least: 'visitor', ids: ofConversation },
  'handoff:get': { least: 'visitor', ids: ofConversation },
  'handoff:cancel': { least: 'visitor', ids: ofConversation },
  'handoff:rate': { least: 'visitor', ids: ofConversation, input: { rating: 5 } },
  'queue:list': { least: 'agent', ids: { handoff_ids: 'open' } },
  'handoff:accept': { least: 'agent', ids: ofHandoff },
  'handoff:take': { least: 'agent', ids: ofConversation },
  'handoff:complete': { least: 'agent', ids: ofHandoff },
  'handoff:release': { least: 'agent', ids: ofHandoff },
  'view:list': { least: 'agent', input: { view: 'all' } },
  'view:counts': { least: 'agent' },
  'presence:set': { least: 'agent', input: { presence: 'online' } },
  'presence:watch': { least: 'agent', ids: ofConversation, input: { state: 'watching' } },
  'presence:list': { least: 'agent' },
  'note:add': { least: 'agent', ids: ofConversation, input: { content: 'A note' } },
  'notification:list': { least: 'agent' },
  'notification:read': { least: 'agent', ids: { notification_ids: 'open' } },
  'draft:suggest': { least: 'agent', ids: ofConversation },
  'text:translate': { least: 'agent', ids: ofConversation, input: { content: 'Hello', language: 'zh' } },
  'canned:list': { least: 'agent', ids: ofConversation },
  'canned:save': {
    least: 'agent',
    ids: { reply_id: 'canned' },
    input: { shortcut: 'hours', content: 'Nine to five.' },
  },
  'canned:delete': { least: 'agent', ids: { reply_id: 'canned' } },
  'handoff:settings': { least: 'admin' },
  'handoff:configure': { least: 'admin' },
  'handoff:statistics': { least: 'agent' },
  'feedback:list': { least: 'agent' },
  'handoff:contact': { least: 'visitor', ids: ofConversation, input: { email: 'matrix@mail.example' } },
  'contact:list': { least: 'agent' },
  'contact:settle': { least: 'agent', ids: { contact_id: 'contact' }, input: { done: true } },
  'handoff:tag': { least: 'agent', ids: ofHandoff, input: { tags: ['invoice'] } },
  // Each of them is refused or done by itself: test/desk/bulk.test.ts.
  'handoff:bulk': { least: 'agent', ids: { conversation_ids: 'open' }, input: { tags: ['invoice'] } },
  'label:list': { least: 'agent' },
  'label:save': { least: 'admin', ids: { label_id: 'label' }, input: { color: 'red' } },
  'label:delete': { least: 'admin', ids: { label_id: 'label' } },
  'macro:list': { least: 'agent', ids: ofConversation },
  'macro:save': {
    least: 'agent',
    ids: { macro_id: 'macro', label_ids: 'open' },
    input: { content: 'Hello' },
  },
  'macro:delete': { least: 'agent', ids: { macro_id: 'macro' } },
  'macro:run': {
    least: 'agent',
    ids: { ...ofConversation, macro_id: 'open' },
    beside: { macro_id: 'macro' },
  },
  'team:list': { least: 'agent' },
  'team:save': { least: 'admin', ids: { team_id: 'team' }, input: { name: 'Sales' } },
  'team:delete': { least: 'admin', ids: { team_id: 'team' } },
  'visitor:get': { least: 'agent', ids: ofConversation },
  'transcript:send': { least: 'visitor', ids: ofConversation, input: { email: 'matrix@mail.example' } },
  'upload:create': { least: 'visitor' },
  'upload:get': { least: 'visitor', ids: { upload_id: 'upload' } },
  'chat:ask': asking,
  'chat:send': asking,
  'chat:stream': asking,
  'product:search': { least: 'anyone' },
  'product:recommend': { least: 'anyone', input: { query: 'a lamp' } },
  'product:compare': { least: 'anyone', ids: { product_ids: 'open' } },
  'catalogue:import': { least: 'admin' },
  'catalogue:list': { least: 'admin' },
  'catalogue:versions': { least: 'admin' },
  'catalogue:restore': { least: 'admin', input: { version: 1 } },
  'document:upload': { least: 'admin' },
  'document:import': { least: 'admin' },
  'document:list': { least: 'admin' },
  'document:get': { least: 'admin', ids: { doc_id: 'document' } },
  'document:passages': { least: 'admin', ids: { doc_id: 'document' } },
  'document:update': { least: 'admin', ids: { doc_id: 'document' } },
  'document:replace': { least: 'admin', ids: { doc_id: 'document' } },
  'document:versions': { least: 'admin', ids: { doc_id: 'document' } },
  'document:compare': { least: 'admin', ids: { doc_id: 'document' }, input: { version: 1 } },
  'document:restore': { least: 'admin', ids: { doc_id: 'document' }, input: { version: 1 } },
  'document:delete': { least: 'admin', ids: { doc_id: 'document' } },
  'index:rebuild': { least: 'admin' },
  'index:status': { least: 'admin' },
  'article:list': { least: 'admin' },
  'article:get': { least: 'admin', ids: { article_id: 'article' } },
  'article:save': {
    least: 'admin',
    ids: { article_id: 'article', group_id: 'question' },
    input: { questions: ['Do you engrave?'], answer: 'Yes.', language: 'en' },
  },
  'article:delete': { least: 'admin', ids: { article_id: 'article' } },
  'question:explain': { least: 'admin', input: { question: 'Can I return it?' } },
  'question:list': { least: 'admin' },
  'evaluation:cases': { least: 'admin' },
  'evaluation:save': {
    least: 'admin',
    ids: { case_id: 'case', product_id: 'open' },
    input: { question: 'Is it open today?' },
  },
  'evaluation:adopt': {
    least: 'admin',
    ids: { message_id: 'message', group_id: 'question', article_id: 'article' },
  },
  'evaluation:delete': { least: 'admin', ids: { case_id: 'case' } },
  'evaluation:start': { least: 'admin' },
  'evaluation:cancel': { least: 'admin', ids: { run_id: 'run' } },
  'evaluation:runs': { least: 'admin' },
  'evaluation:get': { least: 'admin', ids: { run_id: 'run' } },
  'evaluation:settings': { least: 'admin' },
  'evaluation:set': { least: 'admin', input: { automatic: false } },
  'question:dismiss': { least: 'admin', ids: { group_id: 'question' } },
  'auth:register': { least: 'anyone', input: { ...person, confirm_password: password } },
  'auth:login': { least: 'anyone', input: person },
  'auth:renew': { least: 'anyone', input: { refresh_token: 'none' } },
  'auth:logout': { least: 'user' },
  'auth:me': { least: 'user' },
  'auth:change_password': { least: 'user', input: { current_password: 'x', password } },
  'auth:send_code': { least: 'anyone', input: { email: person.email } },
  'auth:verify': { least: 'anyone', input: { email: person.email, code: '000000' } },
  'auth:forgot_password': { least: 'anyone', input: { email: person.email } },
  'auth:reset_password': { least: 'anyone', input: { email: person.email, code: 'none', password } },
  'auth:begin_factor': { least: 'agent' },
  'auth:confirm_factor': { least: 'agent', input: { code: '000000' } },
  'auth:remove_factor': { least: 'agent', input: { password, code: '000000' } },
  'profile:get': { least: 'user' },
  'profile:update': { least: 'user', input: { name: 'N' } },
  'profile:set_picture': { least: 'agent' },
  'profile:remove_picture': { least: 'agent' },
  'profile:picture': { least: 'anyone', ids: { picture_id: 'open' } },
  'identity:secret': { least: 'admin' },
  'identity:rotate_secret': { least: 'admin' },
  'mail:list': { least: 'admin' },
  'mail:settings': { least: 'admin' },
  'mail:test': { least: 'admin', input: { to: 'matrix@mail.example' } },
  'mail:get': { least: 'admin', ids: { id: 'mail' } },
  'people:list': { least: 'admin' },
  'people:statistics': { least: 'admin' },
  'people:create': { least: 'admin', input: { ...person, role: 'user' } },
  'people:update': { least: 'admin', ids: { id: 'account' }, input: { name: 'N' } },
  'people:set_status': { least: 'admin', ids: { id: 'account' }, input: { is_active: true } },
  'people:remove_factor': { least: 'admin', ids: { id: 'account' } },
  'audit:list': { least: 'admin', ids: { person_id: 'open' } },
  'audit:download': { least: 'admin', ids: { person_id: 'open' } },
  'privacy:consent': { least: 'anyone', input: { version: 'x' } },
  'privacy:export': { least: 'visitor' },
  // Without the words that confirm it: what is checked here is who may ask.
  'privacy:erase': { least: 'visitor' },
  'privacy:find_people': { least: 'admin', input: { search: 'nobody' } },
  'privacy:export_person': { least: 'admin', ids: { id: 'account' } },
  'privacy:erase_person': { least: 'admin', ids: { id: 'account' } },
  'privacy:settings': { least: 'admin' },
  'privacy:set': { least: 'admin' },
  'memory:list': { least: 'user' },
  'memory:get': { least: 'user', ids: { memory_id: 'memory' } },
  'memory:add': { least: 'user', input: { content: 'My shoe size is 42' } },
  'memory:update': { least: 'user', ids: { memory_id: 'memory' }, input: { content: 'Matrix' } },
  'memory:delete': { least: 'user', ids: { memory_id: 'memory' } },
  'memory:clear': { least: 'user' },
  'memory:settings': { least: 'user' },
  'memory:configure': { least: 'user', input: { enabled: true } },
  'usage:statistics': { least: 'user', ids: { provider_id: 'open' } },
  'price:list': { least: 'admin' },
  'price:set': { least: 'admin', input: { model: 'matrix', currency: 'USD', input: 1, output: 2 } },
  'price:delete': { least: 'admin', ids: { price_id: 'price' } },
  'provider:create': {
    least: 'user',
    input: { name: 'Matrix', provider_type: 'custom', api_base_url: 'http://127.0.0.1:9/v1' },
  },
  'provider:list': { least: 'user' },
  'provider:available': { least: 'user' },
  'provider:get': { least: 'user', ids: { provider_id: 'provider' } },
  'provider:update': { least: 'user', ids: { provider_id: 'provider' }, input: { name: 'Matrix' } },
  'provider:delete': { least: 'user', ids: { provider_id: 'provider' } },
  'provider:test': { least: 'user', ids: { provider_id: 'provider' } },
  'provider:models': { least: 'user', ids: { provider_id: 'provider' } },
  'provider:distribute': { least: 'admin', ids: { provider_id: 'provider', user_ids: 'open' } },
  'provider:revoke': { least: 'admin', ids: { provider_id: 'provider', user_id: 'account' } },
  'provider:distributions': { least: 'admin', ids: { provider_id: 'provider' } },
  'statistics:overview': { least: 'admin' },
  'statistics:system': { least: 'admin' },
  'budget:list': { least: 'admin' },
  'budget:create': {
    least: 'admin',
    ids: { provider_id: 'open', person_id: 'open' },
    input: { scope: 'overall', period: 'month', amount: 1_000_000_000 },
  },
  'budget:update': { least: 'admin', ids: { budget_id: 'budget' }, input: { at_limit: 'builtin' } },
  'budget:delete': { least: 'admin', ids: { budget_id: 'budget' } },
  'system:health': { least: 'anyone' },
  'system:ping': { least: 'anyone' },
  'widget:settings': { least: 'admin' },
  'widget:set': { least: 'admin' },
}
